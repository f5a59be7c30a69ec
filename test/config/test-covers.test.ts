import { describe, expect, it } from 'vitest';
import { testCovers } from '../../src/config/test-covers.ts';
import type { ReplyTest } from '../../src/core/ehr/recipe.ts';
import { pattern } from './full-recipe.ts';

const nothing: ReplyTest = { paths: null, status: null, location: null, body: [], bodyWithout: [], json: [], at: 'x:1' };
const json = (pointer: string, equals: boolean): Partial<ReplyTest> => ({ json: [{ pointer, equals }] });

describe('one test covering another', () => {
  it.each<[string, Partial<ReplyTest>, Partial<ReplyTest>, boolean]>([
    ['the same status', { status: [200] }, { status: [200] }, true],
    ['more statuses', { status: [200, 302] }, { status: [302] }, true],
    ['fewer statuses', { status: [302] }, { status: [200, 302] }, false],
    ['any status', { body: ['a'] }, { body: ['a'], status: [200] }, true],
    ['a status where any will do', { status: [200] }, { body: ['a'] }, false],
    ['a wider location', { location: pattern('/a/**') }, { location: pattern('/a/b') }, true],
    ['a narrower location', { location: pattern('/a/b') }, { location: pattern('/a/**') }, false],
    ['a location where any will do', { location: pattern('/a') }, { status: [302] }, false],
    ['any path', { status: [200] }, { status: [200], paths: [pattern('/a')] }, true],
    ['all the paths', { paths: [pattern('/a'), pattern('/b/*')] }, { paths: [pattern('/b/c'), pattern('/a')] }, true],
    ['one of the paths', { paths: [pattern('/a')] }, { paths: [pattern('/a'), pattern('/b')] }, false],
    ['a path where any will do', { paths: [pattern('/a')] }, { status: [200] }, false],
    ['a part of the text', { body: ['error'] }, { body: ['an error here', 'b'] }, true],
    ['another text', { body: ['error', 'c'] }, { body: ['an error here', 'b'] }, false],
    ['a text that is missing, and more', { bodyWithout: ['an error'] }, { bodyWithout: ['error'] }, true],
    ['a text of which a part is missing', { bodyWithout: ['error'] }, { bodyWithout: ['an error'] }, false],
    ['the same value', json('/a', true), { ...json('/a', true), status: [200] }, true],
    ['another value', json('/a', true), json('/a', false), false],
    ['the value of another place', json('/a', true), json('/b', true), false],
  ])('%s', (_, wider, narrower, expected) => {
    expect(testCovers({ ...nothing, ...wider }, { ...nothing, ...narrower })).toBe(expected);
  });
});
