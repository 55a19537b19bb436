/**
 * Options of an overlay mount. Nothing in a layer may send the kernel elsewhere, so no redirects are followed; what fails
 * with the machine is thrown away, so nothing is flushed. An ordinary user's overlay keeps its marks in `user.` attributes.
 */
export function overlayOptions(at: {
  readonly lower: readonly string[];
  readonly upper: string;
  readonly work: string;
}): string {
  return [
    ...[
      'nosuid',
      'nodev',
      'noatime',
      `lowerdir=${at.lower.join(':')}`,
      `upperdir=${at.upper}`,
      `workdir=${at.work}`,
    ],
    ...['index=off', 'xino=off', 'volatile'],
    ...(process.getuid?.() === 0 ? ['redirect_dir=nofollow', 'metacopy=off'] : ['userxattr']),
  ].join(',');
}
