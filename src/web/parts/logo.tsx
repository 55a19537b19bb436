/** A beam on two legs with a load; decorative, the word stands beside it. */
export function Logo({ size = 18 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 18 18" aria-hidden="true">
      <path
        d="M1.5 3h15M4 3v13M14 3v13M9 3v4"
        fill="none"
        stroke="var(--g-ink)"
        strokeWidth="2"
        strokeLinecap="square"
      />
      <rect x="6.2" y="7" width="5.6" height="5.2" rx=".8" fill="var(--g-you-solid)" />
    </svg>
  );
}
