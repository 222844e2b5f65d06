// The first minute: from the code in the terminal to the first record.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, open, startServer } from '../harness.mjs';

let fresh;
/** A house in which nobody is set up yet. */
const house = () => (fresh ??= startServer({ demo: false, init: false }));
const code = (server) => server.said().match(/type this code: (\S+)/)?.[1];

async function filled(page, { code: given }) {
  await page.locator('[name=code]').fill(given);
  await page.locator('[name=name]').fill('Ada Byron');
  await page.locator('[name=email]').fill('ada@example.org');
  await page.locator('[name=password]').fill('seven quiet herons by the mill');
}

test('a wrong code sets nobody up and says where the right one stands', async (t) => {
  const server = await house();
  const page = await open(t, { server, tolerate: [/status of 4\d\d/] });
  t.diagnostic(JSON.stringify(await assertLight(page, '/setup')));
  assert.equal(new URL(page.url()).pathname, '/setup');
  await assertHolds(page, 'set-up-you');
  await filled(page, { code: 'aaaa-bbbb-cccc-dddd' });
  await page.locator('form .button.first').click();
  await page.locator('.wrong').first().waitFor();
  assert.match(await page.locator('main').innerText(), /terminal/);
  assert.equal(await page.locator('[name=name]').inputValue(), 'Ada Byron');
  assert.equal(await page.locator('[name=password]').inputValue(), '');
});

test('from the code to the first record takes less than a minute, and the code works once', async (t) => {
  const server = await house();
  const page = await open(t, { server });
  const began = Date.now();
  await page.goto('/setup');
  await filled(page, { code: code(server) });
  await Promise.all([page.waitForURL(/\/setup\/place/), page.locator('form .button.first').click()]);
  await page.locator('#country').selectOption('DE');
  await page.locator('#industry').selectOption('trade');
  await page.locator('form .button', { hasText: 'Preview' }).click();
  await page.waitForURL(/country=DE/);
  assert.match(await page.locator('main').innerText(), /HGB/);
  await assertHolds(page, 'set-up-place');
  await Promise.all([page.waitForURL(/\/setup\/start/), page.locator('form .button.first').click()]);
  await assertHolds(page, 'set-up-start');
  await Promise.all([page.waitForURL(/\/people/), page.locator('button[value=empty]').click()]);
  assert.match(await page.locator('main').innerText(), /Nothing here yet/);
  await assertHolds(page, 'people-none');
  await page.locator('.head .button.first').click();
  await page.locator('[name="field.name"]').fill('Chiara Lombardi');
  await Promise.all([page.waitForURL(/saved=1/), page.locator('form[data-draft] .acts button').click()]);
  const seconds = (Date.now() - began) / 1000;
  t.diagnostic(`${seconds.toFixed(1)} s from the code to the first record, photographs included`);
  assert.ok(seconds < 60);
  assertClean(page);
  const again = await open(t, { server });
  await again.goto('/setup');
  assert.equal(new URL(again.url()).pathname, '/sign-in');
});
