// Sorts the tables of a report by any of their columns, in the browser and without a network. It touches no sink that Trusted
// Types guard; without it the tables stand as they were made.

export const sortScript = `
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => {
    const title = head.textContent;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.textContent = title;
    button.title = table.dataset.sortable.replace('{column}', title);
    // On paper the heads are words again.
    const printed = document.createElement('span');
    printed.className = 'printed';
    printed.textContent = title;
    head.replaceChildren(button, printed);
    const keys = new Map(rows.map((row) => [row, row.cells[at].dataset.sort]));
    const isNumber = rows.every((row) => keys.get(row) === '' || !Number.isNaN(Number(keys.get(row))));
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const ordered = rows.toSorted((one, other) => {
        const [a, b] = [keys.get(one), keys.get(other)];
        if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
        const order = isNumber ? Number(a) - Number(b) : a.localeCompare(b, document.documentElement.lang);
        return down ? -order : order;
      });
      body.replaceChildren(...ordered);
    });
  });
}
`;
