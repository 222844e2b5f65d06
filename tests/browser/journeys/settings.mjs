// Settings: people, keys of programs, the house's numbers, and a kind of its own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN, assertClean, assertHolds, open, signIn, signedIn } from '../harness.mjs';

const main = (page) => page.locator('main').innerText();

test('every page of settings holds at both widths, light and dark', async (t) => {
  const page = await signedIn(t);
  for (const [name, address] of [['settings', '/settings'], ['purposes', '/settings/purposes'], ['kinds', '/settings/kinds'], ['kind', '/settings/kinds/person']]) {
    assert.equal((await page.goto(address)).status(), 200, address);
    await assertHolds(page, name);
  }
});

test('a colleague is added, signs in with the password shown once, and is shut out after a page that says what ends', async (t) => {
  const page = await signedIn(t);
  await page.goto('/settings/users');
  await page.locator('[name=name]').fill('Grace Hopper');
  await page.locator('[name=email]').fill('grace@example.org');
  await page.locator('[name=password]').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Add a user' }).click();
  const password = await page.locator('.secret-once').innerText();
  await assertHolds(page, 'users-added');
  const grace = await open(t, { tolerate: [/status of 40[13]/] });
  await grace.goto('/sign-in');
  await signIn(grace, { email: 'grace@example.org', password });
  assert.equal(await grace.locator('a[href="/settings"]').count(), 0, 'no entry that would only refuse');
  assert.equal((await grace.goto('/settings/users')).status(), 403);
  await assertHolds(grace, 'refused');
  await page.goto('/settings/users');
  await page.locator('tr', { hasText: 'Grace Hopper' }).getByRole('link', { name: 'Grace Hopper' }).click();
  await page.waitForURL(/users\/usr_[^/]+$/);
  await assertHolds(page, 'user');
  await page.getByRole('link', { name: 'Disable' }).click();
  await page.waitForURL(/\/disable$/);
  assert.match(await main(page), /Disable Grace Hopper[\s\S]*Their sessions end[\s\S]*Stays/);
  await assertHolds(page, 'user-disable');
  await Promise.all([page.waitForURL(/\/settings\/users$/), page.locator('form.confirm .grave').click()]);
  assert.match(await page.locator('tr', { hasText: 'Grace Hopper' }).innerText(), /disabled/);
  await grace.goto('/people');
  assert.equal(new URL(grace.url()).pathname, '/sign-in');
});

test('with the keyboard alone a role is changed and access given back, each with the password again', async (t) => {
  const page = await signedIn(t, { tolerate: [/status of 422/] });
  await page.goto('/settings/users');
  await page.locator('tr', { hasText: 'Grace Hopper' }).getByRole('link', { name: 'Grace Hopper' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/users\/usr_[^/]+$/);
  await assertHolds(page, 'user-disabled');
  await page.locator('[name=enable_password]').focus();
  await page.keyboard.type('not mine');
  await page.keyboard.press('Enter');
  await page.locator('.field .wrong').first().waitFor();
  await page.locator('[name=enable_password]').focus();
  await page.keyboard.type(ADMIN.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=enabled/);
  await page.locator('select[name=role]').focus();
  await page.keyboard.press('m');
  await page.locator('[name=password]').focus();
  await page.keyboard.type(ADMIN.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=role/);
  assert.match(await main(page), /Role changed[\s\S]*Manager/);
  await assertHolds(page, 'user-role-changed');
  await page.goto('/settings/users');
  await page.locator('tr', { hasText: '(you)' }).getByRole('link').first().click();
  assert.match(await main(page), /Nobody changes their own role/);
  assert.equal(await page.locator('select[name=role]').count(), 0);
});

test('a key is shown once, opens what it may, and opens nothing once it is revoked', async (t) => {
  const page = await signedIn(t);
  await page.goto('/settings/keys');
  await page.locator('[name=label]').fill('Web shop');
  await page.locator('[name=password]').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Make a key' }).click();
  const key = await page.locator('.secret-once').innerText();
  await assertHolds(page, 'keys-made');
  const origin = new URL(page.url()).origin;
  const asked = () => fetch(`${origin}/api/v1/people?limit=1`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal((await asked()).status, 200);
  await page.goto('/settings/keys');
  assert.ok(!(await page.content()).includes(key), 'shown once');
  await page.getByRole('link', { name: 'Revoke' }).first().click();
  await page.waitForURL(/\/revoke$/);
  await assertHolds(page, 'key-revoke');
  await Promise.all([page.waitForURL(/\/settings\/keys$/), page.locator('form.confirm .grave').click()]);
  assert.equal((await asked()).status, 401);
  assertClean(page);
});

test('without scripts a kind is made with a field, and stands in the rail, in lists, forms and search at once', async (t) => {
  const page = await open(t, { signedIn: true, javaScript: false });
  await page.goto('/settings/kinds');
  await page.locator('[name=label]').fill('Site visit');
  await page.locator('[name=plural]').fill('Site visits');
  await page.locator('[name=title]').fill('Place');
  await page.locator('form[action="/settings/kinds"] .button.first').click();
  await page.waitForURL(/site_visit\?done=made/);
  await page.locator('[name=label]').fill('Report');
  await page.locator('[name=type]').selectOption('long_text');
  await page.locator('form[action$="/fields"] .button.first').click();
  await page.waitForURL(/done=field/);
  await page.locator('.rail a', { hasText: 'Site visits' }).first().click();
  assert.match(await main(page), /Nothing here yet/);
  await page.locator('.empty .button.first').click();
  await page.locator('[name="field.name"]').fill('Milano showroom');
  await page.locator('[name="field.report"]').fill('Needs a ramp at the gate');
  await page.locator('form[data-draft] .acts button').first().click();
  await page.waitForURL(/saved=1/);
  await page.locator('#find').fill('showroom');
  await page.locator('#find').press('Enter');
  await page.waitForURL(/\/search\?query=/);
  assert.match(await page.locator('#results').innerText(), /Milano showroom/);
});

test('a kind of the house’s own holds in its settings and its list', async (t) => {
  const page = await signedIn(t);
  for (const [name, address] of [['kind-own', '/settings/kinds/site_visit'], ['kind-own-list', '/records/site_visit']]) {
    await page.goto(address);
    await assertHolds(page, name);
  }
});
