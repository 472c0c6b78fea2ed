/** Filling forms as a person does: by the words beside a field. */
import type { Locator, Page } from 'playwright-core'

/** Whatever is open on top: a dialogue where there is one, else the page. */
export async function front(page: Page): Promise<Locator> {
  const dialogues = page.getByRole('dialog')
  const count = await dialogues.count()
  return count ? dialogues.nth(count - 1) : page.locator('body')
}

/** The field with these words; a star marks those that must be filled. */
export async function field(page: Page, label: string): Promise<Locator> {
  const words = label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return (await front(page)).getByLabel(new RegExp(`^${words}( \\*)?$`)).first()
}

/** Types into the field of that name. */
export async function fill(page: Page, label: string, text: string): Promise<void> {
  await (await field(page, label)).fill(text)
}

/** Chooses from a list: types what is looked for where one can, then takes the option whose words begin so. */
export async function choose(page: Page, label: string, option: string, typed = ''): Promise<void> {
  const list = await field(page, label)
  await list.click()
  if (typed) await list.fill(typed)
  await page.getByRole('option', { name: option }).first().click()
}

export async function press(page: Page, name: string): Promise<void> {
  await (await front(page)).getByRole('button', { name, exact: true }).last().click()
}
