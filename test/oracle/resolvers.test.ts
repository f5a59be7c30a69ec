// The judges themselves are judged first: each resolver must fall for the tricks that the server it stands for fell for,
// or the oracle would find nothing because it sees nothing.

import { describe, expect, test } from 'vitest';
import { apachePhp, iis, nginx, reaches, tomcat } from '../support/resolvers.ts';
import type { Resolver } from '../support/resolvers.ts';
import { composedTargets, hostileTargets } from '../support/target-grammar.ts';

const windows = iis(['administration', 'users.aspx']);
const all = [nginx, tomcat, windows, apachePhp()];

describe('each server falls for what is known of it', () => {
  test.each<[string, string, readonly Resolver[]]>([
    ['/admin/users', 'plainly', all],
    ['/public/../admin/users', 'dot segments', all],
    ['/public/%2e%2E/admin/users', 'encoded dots', all],
    ['//admin//users', 'doubled slashes', all],
    ['http://gateway/admin/users', 'absolute form', all],
    ['/admin/users?x=1', 'a query', all],
    ['/admin/users#/public', 'a fragment', all],
    ['/public/..;/admin/users', 'path parameters before dots', [tomcat, windows]],
    ['/admin;x=1/users', 'a path parameter', [tomcat, windows]],
    ['/admin%3bx/users', 'an encoded path parameter', [tomcat, windows]],
    ['/public%2f..%2fadmin%2fusers', 'encoded slashes', all],
    ['/public\\..\\admin\\users', 'backslashes', [tomcat, windows]],
    ['/ADMIN/Users', 'other capitals', [windows]],
    ['/admin./users%20', 'trailing dots and blanks', [windows]],
    ['/admin/users::$DATA', 'the main stream by name', [windows]],
    ['/%252e%252e/public/%252e%252e/admin/users', 'nothing above the root', []],
    ['/public/%252e%252e/admin/users', 'decoding twice', [windows]],
    ['/public/%c0%ae%c0%ae/admin/users', 'overlong UTF-8', [tomcat, windows, apachePhp()]],
    ['/public/%u002e%u002e/admin/users', '%u', [windows]],
    ['/public%ef%bc%8f..%ef%bc%8fadmin/users', 'fullwidth slashes', [windows]],
    ['/admin/users%00.css', 'NUL', [windows, apachePhp()]],
    ['/admin/users%3f.css', 'an encoded question mark', [apachePhp()]],
    ['/admin/users.css', 'another page', []],
    ['/public/admin', 'another folder', []],
  ])('%s (%s)', (target, _what, fooled) => {
    expect(all.filter((one) => reaches(one, target, '/admin/users')).map((one) => one.name)).toEqual(
      all.filter((one) => fooled.some((other) => other.name === one.name)).map((one) => one.name),
    );
  });

  test('short names and what follows a script', () => {
    expect(reaches(windows, '/ADMINI~1/USERS~1.ASP', '/administration/users.aspx')).toBe(true);
    expect(reaches(apachePhp(), '/users.php/x.css', '/users.php')).toBe(true);
    expect(reaches(nginx, '/users.php/x.css', '/users')).toBe(false);
    expect(reaches(apachePhp(false), '/public/users.php/../x', '/public/users.php')).toBe(false);
  });
});

test('the grammar is the same every time, and without a gateway hundreds of its targets reach the shut page', () => {
  const ground = { open: 'public', shut: 'admin/users' };
  const targets = [...hostileTargets(ground, 1000, 7), ...composedTargets(ground, 300, 7)];
  expect(targets).toEqual([...hostileTargets(ground, 1000, 7), ...composedTargets(ground, 300, 7)]);
  const reached = (resolver: Resolver): number => targets.filter((target) => reaches(resolver, target, '/admin/users')).length;
  expect(reached(nginx)).toBeGreaterThan(40);
  expect(reached(tomcat)).toBeGreaterThan(80);
  expect(reached(windows)).toBeGreaterThan(100);
  expect(reached(apachePhp())).toBeGreaterThan(40);
});
