// What users make themselves: a kind with its period, fields that point to several records and to files, a field sealed later.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, open, signedIn } from '../harness.mjs';

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
// One empty page.
const PAPER = Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
%%EOF
`);
const main = (page) => page.locator('#main').innerText();

async function person(page, name) {
  await page.goto('/people/new');
  await page.locator('[name="field.name"]').fill(name);
  await Promise.all([page.waitForURL(/\/people\/rec_.*saved=1/), page.locator('form[data-draft] .acts button').first().click()]);
  return new URL(page.url()).pathname;
}

/** Adds a field at the kind's page. */
async function field(page, { label, type, to = '', ticks = [], more }) {
  await page.locator('form[action$="/fields"] [name=label]').fill(label);
  await page.locator('form[action$="/fields"] [name=type]').selectOption(type);
  if (to) await page.locator('[name=links_to]').selectOption(to);
  for (const tick of ticks) await page.locator(`[name=more][value=${tick}]`).check();
  if (more) await page.locator('[name=values_for]').selectOption(more);
  await page.locator('form[action$="/fields"] .button.first').click();
  await page.waitForURL(/done=field/);
}

test('a kind is made with its period, and its fields point to several people and to files', async (t) => {
  const page = await signedIn(t);
  for (const name of ['Chiara Tannenberg', 'Amara Uferloh']) await person(page, name);
  await page.goto('/settings/kinds');
  await page.locator('[name=label]').fill('Workshop');
  await page.locator('[name=plural]').fill('Workshops');
  await page.locator('[name=title]').fill('Topic');
  await page.locator('[name=keep_for]').selectOption('P3Y');
  await page.locator('[name=keep_from]').selectOption('created');
  await page.locator('[name=keep_then]').selectOption('dispose');
  await page.locator('form[action="/settings/kinds"] .button.first').click();
  await page.waitForURL(/workshop\?done=made/);
  assert.match(await main(page), /Workshops: 3 years/);
  await field(page, { label: 'Guests', type: 'link', to: 'person', ticks: ['many'] });
  await field(page, { label: 'Plan', type: 'file' });
  await field(page, { label: 'Seats', type: 'number', ticks: ['open'], more: 'P1Y' });
  assert.match(await main(page), /Workshops · Seats: 1 year/);
  await assertHolds(page, 'kind-fields');

  await page.goto('/records/workshop/new');
  await page.locator('[name="field.name"]').fill('Light and shade');
  const guests = page.locator('[name="field.guests"]');
  for (const [typed, whole] of [['tanne', 'Chiara Tannenberg'], ['uferl', 'Amara Uferloh']]) {
    await guests.pressSequentially(typed);
    const option = page.locator('.suggest [role=option]', { hasText: whole });
    await option.first().waitFor();
    await guests.press('Enter');
  }
  assert.equal(await guests.inputValue(), 'Chiara Tannenberg\nAmara Uferloh\n');
  await page.locator('[name="field.seats"]').fill('40');
  await page.locator('[name="field.plan_file"]').setInputFiles({ name: 'plan.png', mimeType: 'image/png', buffer: PIXEL });
  await assertHolds(page, 'form-links');
  await page.locator('form[data-draft] .acts button').first().click();
  await page.waitForURL(/saved=1/);
  const facts = await page.locator('#facts').innerText();
  assert.match(facts, /Chiara Tannenberg/);
  assert.match(facts, /Amara Uferloh/);
  assert.match(facts, /plan\.png/);
  assert.match(await page.locator('#keep').innerText(), /Its fields end at different times, the last by/);
  await assertHolds(page, 'record-links');

  // A link is edited where it stands: one guest goes.
  await page.locator('[data-fact=guests] [data-pencil]').focus();
  await page.keyboard.press('Enter');
  const inline = page.locator('form[data-inline] textarea');
  await inline.waitFor();
  await inline.fill('Amara Uferloh');
  await inline.press('Control+Enter');
  await page.locator('[data-fact=guests] [data-pencil]').waitFor();
  assert.doesNotMatch(await page.locator('[data-fact=guests]').innerText(), /Tannenberg/);

  // The file has a page with its picture.
  await page.locator('#facts').getByRole('link', { name: 'plan.png' }).click();
  await page.waitForURL(/\/records\/file\//);
  await page.locator('img.picture').waitFor();
  assert.equal(await page.locator('img.picture').evaluate((img) => img.naturalWidth), 1);
  await assertHolds(page, 'file-picture');
  assertClean(page);
});

test('a field is sealed later: a page says what that means, and its values follow', async (t) => {
  const page = await signedIn(t);
  await page.goto('/settings/kinds/workshop');
  await page.getByRole('link', { name: 'Seal: Seats' }).click();
  await page.waitForURL(/protection\/sealed$/);
  assert.match(await main(page), /Lists can no longer sort by it/);
  await assertHolds(page, 'field-seal');
  await page.locator('form.confirm .grave').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=sealing/);
  await page.getByRole('link', { name: 'Open: Seats' }).waitFor();
  await page.goto('/records/workshop');
  await page.getByRole('link', { name: 'Light and shade' }).first().click();
  await page.locator('[data-fact=seats]', { hasText: '40' }).waitFor();
  assertClean(page);
});

test('files are put beside a person without scripts, and an empty choice says so', async (t) => {
  const page = await open(t, { signedIn: true, javaScript: false, tolerate: [/status of 422/] });
  await person(page, 'Dora Wiesengrund');
  await page.locator('form.attach [type=file]').setInputFiles([
    { name: 'offer.txt', mimeType: 'text/plain', buffer: Buffer.from('Forty chairs, delivered in May.') },
    { name: 'sketch.png', mimeType: 'image/png', buffer: PIXEL },
    { name: 'contract.pdf', mimeType: 'application/pdf', buffer: PAPER },
  ]);
  await page.locator('form.attach button').click();
  await page.waitForURL(/attached=3/);
  const record = page.url();
  assert.match(await page.locator('#time').innerText(), /offer\.txt/);
  await page.locator('#time').getByRole('link', { name: 'offer.txt' }).first().click();
  await page.waitForURL(/\/records\/file\//);
  assert.match(await main(page), /Forty chairs, delivered in May/);
  await page.goto(record);
  await page.locator('#time').getByRole('link', { name: 'contract.pdf' }).first().click();
  const frame = page.locator('iframe.paper');
  await frame.waitFor();
  const shown = await page.request.get(new URL(await frame.getAttribute('src'), page.url()).href);
  assert.deepEqual([shown.status(), shown.headers()['content-type']], [200, 'application/pdf']);
  assert.match(shown.headers()['content-security-policy'], /default-src 'none'.*frame-ancestors 'self'/);
  assert.ok((await shown.body()).equals(PAPER));
});
