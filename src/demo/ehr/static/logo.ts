// The mark of the invented product: a hill, a stem and a leaf.

export const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">
<circle cx="16" cy="16" r="15" fill="#eef5fb"/>
<path d="M3 22c5-6 9-6 13-2s8 4 13 0a15 15 0 0 1-26 2z" fill="#5c9a5f"/>
<path d="M16 20V11" stroke="#2f6b3a" stroke-width="2" stroke-linecap="round"/>
<path d="M16 12c0-4 3-6 7-6 0 4-3 6-7 6z" fill="#2f6b3a"/>
</svg>
`;
