// Retention: the rules, what is due, the page before a sweep, and what only a second person lets go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN, assertClean, assertHolds, assertLight, open, signIn, signedIn, startServer } from '../harness.mjs';

const main = (page) => page.locator('main').innerText();

test('the rules are shown with their statutes, and what is due is counted', async (t) => {
  const page = await signedIn(t);
  t.diagnostic(JSON.stringify(await assertLight(page, '/retention')));
  assert.match(await main(page), /Required by statute[\s\S]*HGB[\s\S]*Recommended/);
  await assertHolds(page, 'retention');
  await page.getByRole('button', { name: 'Show what is due' }).click();
  await page.getByText('Nothing was changed').waitFor();
  await assertHolds(page, 'retention-plan');
});

test('before a sweep a page says what goes, what stays and what is held; its safe button has the focus', async (t) => {
  const page = await signedIn(t, { server: await own() });
  await page.goto('/retention/sweep');
  assert.match(await main(page), /nothing has happened yet/i);
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), 'Back, change nothing');
  await assertHolds(page, 'sweep');
  const count = await page.locator('form.confirm').getAttribute('data-confirm');
  if (count) {
    await page.locator('#count').fill(count);
    await page.locator('#password').fill(ADMIN.password);
  }
  await Promise.all([page.waitForURL(/\/retention\?swept=/), page.locator('form.confirm .grave').click()]);
  assert.match(await main(page), /Swept\./);
  assertClean(page);
});

let house;
/** A house of its own: here things are destroyed. */
const own = () => (house ??= startServer());

test('what people must look at goes only when a second person agrees, and never by one alone', async (t) => {
  const server = await own();
  const page = await signedIn(t, { server, tolerate: [/status of 4\d\d/] });
  await page.goto('/retention');
  const boxes = page.locator('input[name=record]');
  if ((await boxes.count()) === 0) return t.skip('the demonstration has nothing that waits for people');
  await boxes.first().check();
  await page.locator('#queue-reason').fill('Nobody needs it any more');
  await Promise.all([page.waitForURL(/\/approvals\/dst_/), page.getByRole('button', { name: 'Propose their disposal' }).click()]);
  const address = new URL(page.url()).pathname;
  assert.match(await main(page), /You proposed it\. Somebody else/);
  await assertHolds(page, 'approval-own');

  await page.goto('/settings/users');
  await page.locator('[name=name]').fill('Kenji Ito');
  await page.locator('[name=email]').fill('kenji@example.org');
  await page.locator('[name=role]').selectOption('admin');
  await page.locator('[name=password]').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Add a user' }).click();
  const password = await page.locator('.secret-once').innerText();

  const second = await open(t, { server });
  await second.goto('/sign-in');
  await signIn(second, { email: 'kenji@example.org', password });
  await second.goto('/approvals');
  assert.match(await main(second), /proposed by ada/i);
  await assertHolds(second, 'approvals');
  await second.locator('[data-open]').first().click();
  await second.locator('#reason').fill('I looked at it and agree');
  await Promise.all([second.waitForURL(/done=approved/), second.getByRole('button', { name: 'Approve' }).click()]);
  await assertHolds(second, 'approval-done');

  await page.goto(address);
  const form = page.locator('form[action$="/order"]');
  await form.locator('#count').fill('1');
  await form.locator('#password').fill(ADMIN.password);
  await Promise.all([page.waitForURL(/state=done/), form.locator('.grave').click()]);
  assert.match(await main(page), /certified/);
  await assertHolds(page, 'approvals-carried-out');
});
