// The languages our pages speak. A language more is a name here and a file of its words in `pages/languages/`.

export const languages = ['en', 'es'] as const;

export type Language = (typeof languages)[number];
