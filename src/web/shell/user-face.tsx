import classes from './user-menu.module.css';

/** Initials and name. */
export function UserFace({ name }: { name: string }) {
  return (
    <>
      <span className={classes.initials} aria-hidden="true">
        {initialsOf(name)}
      </span>
      <bdi className="g-ellipsis">{name}</bdi>
    </>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
