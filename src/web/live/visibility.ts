/** Tells when the tab has been hidden for `ms`, and when it is seen again after that. Returns how to stop. */
export function onVisible(ms: number, told: { hidden(): void; visible(): void }): () => void {
  let timer: number | undefined;
  let hidden = false;
  const changed = () => {
    window.clearTimeout(timer);
    if (document.hidden) {
      timer = window.setTimeout(() => {
        hidden = true;
        told.hidden();
      }, ms);
    } else if (hidden) {
      hidden = false;
      told.visible();
    }
  };
  document.addEventListener('visibilitychange', changed);
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener('visibilitychange', changed);
  };
}
