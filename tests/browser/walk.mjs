// What a person does on the pages, in Debian's Chromium, with JavaScript off as with it on.
//
//   node walk.mjs CHECK JSON     JSON: {base, screenshots, scripts, …what the check needs}
//
// Prints one JSON object; an exception is a failure.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const [check, text] = process.argv.slice(2)
const given = JSON.parse(text)
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const result = { console: [], foreign: [], violations: [], pages: [] }

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const context = await browser.newContext({
  javaScriptEnabled: given.scripts ?? false,
  viewport: given.viewport ?? { width: 1280, height: 900 },
  locale: 'en-GB',
})
const page = await context.newPage()
page.setDefaultTimeout(10000)
page.on('console', message => { if (['error', 'warning'].includes(message.type())) result.console.push(message.text()) })
page.on('request', request => {
  if (!request.url().startsWith(given.base) && !request.url().startsWith('data:')) result.foreign.push(request.url())
})

// axe needs timers, which do not run with JavaScript off: it looks at a copy of the page in a window that has it on.
const copies = await browser.newContext({ viewport: page.viewportSize(), locale: 'en-GB' })
async function faultsOf(name) {
  const copy = await copies.newPage()
  const html = await page.content()
  await copy.route(url => url.href === page.url(), route => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }))
  await copy.goto(page.url())
  await copy.evaluate(axeSource)
  const found = await copy.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  for (const one of found.violations) {
    result.violations.push(`${name}: ${one.id} ${one.nodes.map(node => node.target.join(' ')).slice(0, 3).join(' | ')}`)
  }
  const [content, window] = await copy.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  if (content > window + 1) result.violations.push(`${name}: wider than the window (${content} > ${window})`)
  await copy.close()
}

async function look(name) {
  if (given.screenshots) {
    mkdirSync(given.screenshots, { recursive: true })
    await page.screenshot({ path: join(given.screenshots, `${name}.png`), fullPage: true })
  }
  await faultsOf(name)
  result.pages.push({ name, url: page.url(), title: await page.title(), text: await page.locator('body').innerText() })
}

async function go(path) {
  const response = await page.goto(path.startsWith('http') ? path : given.base + path)
  if (response.status() >= 400) throw new Error(`${path}: ${response.status()}`)
}

const submit = name => page.getByRole('main').getByRole('button', { name }).first().click()

// The link out of a mail: whoever started this script puts it into a file once the mail is there.
async function mailedLink() {
  for (let n = 0; n < 300; n++) {
    if (existsSync(given.linkFile)) return readFileSync(given.linkFile, 'utf8')
    await page.waitForTimeout(50)
  }
  throw new Error('no mail came')
}

const checks = {
  // Programme → event → register, from the front page, by its links alone.
  async register() {
    await go('/')
    await look('front')
    await page.getByRole('link', { name: given.community }).first().click()
    await look('programme')
    await page.getByRole('link', { name: given.event }).first().click()
    await look('event')
    await page.getByRole('main').getByRole('link', { name: /register|take part/i }).first().click()
    await look('register-address')
    await page.getByRole('textbox', { name: /e-?mail/i }).fill(given.email)
    await submit(/register/i)
    await look('register-sent')
    await go(await mailedLink())
    await look('seat-held')
    await submit(/take/i)
    await look('registered')
  },

  // The answer link of an invitation: accept, then give the seat back.
  async answer() {
    await go(given.link)
    await look('answer')
    await submit(/register|accept|take/i)
    await look('accepted')
    await page.getByRole('main').getByRole('link', { name: /cannot come|cancel/i }).first().click()
    await look('cancel')
    await submit(/cancel/i)
    await look('cancelled')
  },

  async pages() {
    if (given.signIn) {
      await go(given.signIn)
      await submit(/sign in/i)
    }
    for (const [name, path] of Object.entries(given.paths)) {
      await go(path)
      await look(name)
    }
  },
}

try {
  await checks[check]()
  console.log(JSON.stringify(result))
} catch (error) {
  console.error(error.stack, '\n', page.url(), '\n', await page.locator('body').innerText().catch(() => ''))
  process.exitCode = 1
} finally {
  await browser.close()
}
