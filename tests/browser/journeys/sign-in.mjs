// The door: who may come in, how it looks, and what a stranger sees.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN, assertClean, assertHolds, assertLight, open, signIn, signedIn } from '../harness.mjs';

const path = (page) => new URL(page.url()).pathname;

test('the sign-in page holds at both widths, light and dark', async (t) => {
  const page = await open(t);
  const answer = await page.goto('/sign-in');
  assert.equal(answer.status(), 200);
  assert.match(await page.title(), /\S/);
  await assertHolds(page, 'sign-in');
});

test('the sign-in page weighs less than 60 KB with all it loads', async (t) => {
  const page = await open(t);
  t.diagnostic(JSON.stringify(await assertLight(page, '/sign-in')));
});

test('a stranger who asks for people is sent to sign in and sees none', async (t) => {
  const page = await open(t);
  await page.goto('/people');
  assert.equal(path(page), '/sign-in');
  assertClean(page);
});

test('the right password opens the house', async (t) => {
  const page = await open(t);
  await page.goto('/sign-in');
  await signIn(page);
  assert.equal((await page.goto('/people')).status(), 200);
  assert.equal(path(page), '/people');
  assertClean(page);
});

test('a wrong password is refused in words that do not tell whether the person exists', async (t) => {
  const told = [];
  for (const email of [ADMIN.email, 'nobody@example.org']) {
    const page = await open(t, { tolerate: [/status of 4\d\d/] });
    await page.goto('/sign-in');
    await page.locator('input[name=email]').fill(email);
    await page.locator('input[type=password]').fill('not the password at all');
    await page.locator('input[type=password]').press('Enter');
    told.push((await page.getByRole('alert').first().innerText()).trim());
    assertClean(page);
    await page.goto('/people');
    assert.equal(path(page), '/sign-in');
  }
  assert.match(told[0], /\w+ \w+/);
  assert.equal(told[0], told[1]);
});

test('the keyboard alone is enough to sign in', async (t) => {
  const page = await open(t);
  await page.goto('/sign-in');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('type') ?? document.activeElement?.tagName);
  const reach = async (type) => {
    for (let steps = 0; steps < 20 && (await focused()) !== type; steps += 1) await page.keyboard.press('Tab');
    assert.equal(await focused(), type);
  };
  await reach('email');
  await page.keyboard.type(ADMIN.email);
  await reach('password');
  await page.keyboard.type(ADMIN.password);
  await reach('submit');
  await Promise.all([page.waitForURL((url) => url.pathname !== '/sign-in'), page.keyboard.press('Enter')]);
  assertClean(page);
});

test('signing in and reading people works without JavaScript', async (t) => {
  const page = await open(t, { javaScript: false });
  await page.goto('/sign-in');
  await signIn(page);
  assert.equal((await page.goto('/people')).status(), 200);
  assert.equal(path(page), '/people');
});

test('the session cookie is out of the reach of scripts and other sites', async (t) => {
  const page = await signedIn(t);
  await page.goto('/people');
  const cookies = await page.context().cookies();
  assert.ok(cookies.some(({ httpOnly, sameSite }) => httpOnly && sameSite !== 'None'), 'no HttpOnly cookie with SameSite');
  assert.equal(await page.evaluate(() => globalThis.localStorage.length), 0);
});
