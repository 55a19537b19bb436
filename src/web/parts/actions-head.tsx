/** The head of a table's column of buttons, for those who hear the page. */
export function ActionsHead({ name }: { name: string }) {
  return (
    <th>
      <span className="g-hidden">{name}</span>
    </th>
  );
}
