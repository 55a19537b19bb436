let page = '';
let waiting = 0;

/** Sets the tab's title; what waits for the person stands in front: `(2) Runs - Gantry`. */
export function setPageTitle(title: string): void {
  page = title;
  show();
}

/** How many things wait for the person. */
export function setWaitingCount(count: number): void {
  waiting = count;
  show();
}

function show(): void {
  const name = page === '' || page === 'Gantry' ? 'Gantry' : `${page} - Gantry`;
  document.title = waiting > 0 ? `(${waiting}) ${name}` : name;
}
