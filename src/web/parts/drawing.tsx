/** The crane of empty states and of the sign-in page. */
export function Drawing({ width = 240 }: { width?: number }) {
  return (
    <svg width={width} height={(width * 80) / 240} viewBox="0 0 240 80" aria-hidden="true">
      <g fill="none" stroke="var(--g-ink)" strokeLinecap="square">
        <path d="M2 8h236" strokeWidth="4" />
        <path d="M22 8v66M218 8v66" strokeWidth="4" />
        <path d="M24 24L38 10M216 24L202 10" strokeWidth="2" />
        <path d="M125 14v18" strokeWidth="2" />
      </g>
      <rect x="112" y="2" width="26" height="12" rx="2" fill="var(--g-ink)" />
      <rect x="108" y="32" width="34" height="24" rx="3" fill="var(--g-you-solid)" />
      <path d="M2 76h236" stroke="var(--g-line)" strokeWidth="2" />
      <g fill="none" stroke="var(--g-control)" strokeWidth="1.5" strokeDasharray="3 3">
        <rect x="50" y="52" width="22" height="22" rx="2" />
        <rect x="74" y="52" width="22" height="22" rx="2" />
        <rect x="170" y="52" width="22" height="22" rx="2" />
      </g>
    </svg>
  );
}
