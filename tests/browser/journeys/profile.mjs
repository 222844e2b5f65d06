// One's own profile: language, time zone, dates; and teams, whose records a colleague reaches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN, assertClean, assertHolds, open, signIn, startServer } from '../harness.mjs';

const main = (page) => page.locator('main').innerText();
const lang = (page) => page.evaluate(() => document.documentElement.lang);

/** A server of its own: a language that was chosen would be seen by every other journey. */
let house;
const own = () => (house ??= startServer());

async function admin(t, options = {}) {
  const page = await open(t, { server: await own(), ...options });
  await page.goto('/sign-in');
  await signIn(page);
  return page;
}

async function choose(page, { language, zone = '', dates = 'words' }) {
  await page.goto('/settings/profile');
  await page.locator('[name=language]').selectOption(language);
  await page.locator('[name=zone]').fill(zone);
  await page.locator('[name=dates]').selectOption(dates);
  await Promise.all([page.waitForURL(/saved=1/), page.locator('main form .first').click()]);
}

test('a visitor is spoken to in the language of their browser', async (t) => {
  const page = await open(t, { server: await own() });
  await page.setExtraHTTPHeaders({ 'accept-language': 'de-DE,de;q=0.9,en;q=0.5' });
  await page.goto('/sign-in');
  assert.equal(await lang(page), 'de');
  assert.match(await main(page), /Anmelden/);
  await assertHolds(page, 'sign-in-de');
});

test('in German every page holds, its words are long, and numbers, dates and hours are the reader’s', async (t) => {
  const page = await admin(t);
  await page.goto('/settings/profile');
  await assertHolds(page, 'profile');
  await choose(page, { language: 'de', zone: 'Asia/Tokyo', dates: 'dots' });
  assert.equal(await lang(page), 'de');
  assert.match(await main(page), /1\.204\.331,50/);
  await assertHolds(page, 'profile-de');
  for (const [name, address] of [
    ['home-de', '/'],
    ['people-de', '/people'],
    ['deals-de', '/records/deal'],
    ['requests-de', '/requests'],
    ['retention-de', '/retention'],
    ['evidence-de', '/evidence'],
    ['import-de', '/import'],
    ['settings-de', '/settings'],
    ['kinds-de', '/settings/kinds'],
  ]) {
    assert.equal((await page.goto(address)).status(), 200, address);
    assert.equal(await lang(page), 'de', address);
    await assertHolds(page, name, ['light']);
  }
  await page.goto('/people');
  await page.goto(await page.locator('[data-open]').first().getAttribute('href'));
  await assertHolds(page, 'record-de');
});

test('an amount is typed as German writes it and shown so again', async (t) => {
  const page = await admin(t);
  await choose(page, { language: 'de' });
  await page.goto('/records/deal/new');
  await page.locator('[name="field.name"]').fill('Vordach');
  await page.locator('[name="field.amount"]').fill('48.500,50');
  await Promise.all([page.waitForURL(/saved=1/), page.locator('form[data-draft] .acts button').click()]);
  assert.match(await main(page), /48\.500,50 EUR/);
  await page.goto(`${new URL(page.url()).pathname}/edit`);
  assert.equal(await page.locator('[name="field.amount"]').inputValue(), '48500,50');
  assertClean(page);
});

test('French, Spanish and Chinese hold where people spend their day', async (t) => {
  const page = await admin(t);
  for (const [language, tag, word] of [['fr', 'fr', /Personnes/], ['es', 'es', /Personas/], ['zh', 'zh-Hans', /联系人/]]) {
    await choose(page, { language });
    await page.goto('/people');
    assert.equal(await lang(page), tag);
    assert.match(await main(page), word);
    await assertHolds(page, `people-${language}`, ['light']);
    await page.goto('/');
    await assertHolds(page, `home-${language}`, ['light']);
  }
  await choose(page, { language: 'none' });
});

test('the hour of a moment is that of the reader’s own zone', async (t) => {
  const page = await admin(t);
  const hour = async (zone) => {
    await choose(page, { language: 'en', zone, dates: 'iso' });
    return Number(/\d{4}-\d{2}-\d{2}, (\d{2}):\d{2}/.exec(await main(page))[1]);
  };
  const apart = ((await hour('Asia/Tokyo')) - (await hour('UTC')) + 24) % 24;
  assert.ok([9, 10].includes(apart), `${apart} hours apart`);
  await choose(page, { language: 'none' });
});

test('with the keyboard a team is made and filled, and a colleague is in it', async (t) => {
  const page = await admin(t, { tolerate: [/status of 422/] });
  await page.goto('/settings/users');
  await page.locator('[name=name]').fill('Grace Hopper');
  await page.locator('[name=email]').fill('grace@example.org');
  await page.locator('[name=password]').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Add a user' }).click();
  await page.locator('.secret-once').waitFor();
  await page.goto('/settings/teams');
  await assertHolds(page, 'teams-none');
  await page.locator('#name').focus();
  await page.keyboard.type('Sales North');
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=made/);
  const team = page.locator('section', { hasText: 'Sales North' });
  await team.locator('select').selectOption({ label: 'Grace Hopper' });
  await team.getByRole('button', { name: 'Add a colleague' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=joined/);
  assert.match(await team.innerText(), /1 member[\s\S]*Grace Hopper/);
  await assertHolds(page, 'teams');
  await page.locator('#name').fill('sales north');
  await page.locator('#name').press('Enter');
  await page.locator('#name-said .wrong').waitFor();
  await page.goto('/settings/teams');
  await Promise.all([page.waitForURL(/done=left/), page.getByRole('button', { name: 'Remove Grace Hopper' }).click()]);
  assert.match(await team.innerText(), /Nobody/);
  assertClean(page);
});
