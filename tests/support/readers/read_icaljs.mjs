// Reads iCalendar text (standard input) with ical.js, Thunderbird's and Nextcloud's reader, and prints the
// readers' normal form. Times are resolved by the VTIMEZONEs in the text and by nothing else.
import { readFileSync } from 'node:fs'
import ICAL from 'ical.js'

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, 'utf8')))
if (calendar.name !== 'vcalendar') throw new Error(`one VCALENDAR expected, got ${calendar.name}`)

// ical.js keeps zones in a table of the whole program: only this text's may be in it.
ICAL.TimezoneService.reset()
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)

function instant(time) {
  if (time.isDate) return time.toString()
  if (time.zone === ICAL.Timezone.localTimezone) throw new Error(`${time} has no zone in this text`)
  return new Date(time.toUnixTime() * 1000).toISOString().replace('.000Z', 'Z')
}

function timeOf(component, name) {
  const property = component.getFirstProperty(name)
  if (!property) return null
  const time = property.getFirstValue()
  const id = property.getParameter('tzid')
  if (id) {
    const zone = ICAL.TimezoneService.get(id)
    if (!zone) throw new Error(`${name} names ${id}, which has no VTIMEZONE`)
    time.zone = zone
  }
  return time
}

function endOf(component, start) {
  const end = timeOf(component, 'dtend')
  if (end) return end
  const duration = component.getFirstPropertyValue('duration')
  const moved = start.clone()
  moved.addDuration(duration ?? ICAL.Duration.fromString(start.isDate ? 'P1D' : 'PT0S'))
  return moved
}

const address = value => value ? value.replace(/^mailto:/i, '').toLowerCase() : null

const method = calendar.getFirstPropertyValue('method')
const entries = calendar.getAllSubcomponents('vevent').map(event => {
  const start = timeOf(event, 'dtstart')
  const instance = timeOf(event, 'recurrence-id')
  return {
    uid: event.getFirstPropertyValue('uid'),
    recurrence_id: instance ? instant(instance) : null,
    start_utc: instant(start),
    end_utc: instant(endOf(event, start)),
    all_day: start.isDate,
    status: event.getFirstPropertyValue('status')?.toUpperCase() ?? null,
    summary: event.getFirstPropertyValue('summary') ?? '',
    sequence: Number(event.getFirstPropertyValue('sequence') ?? 0),
    transparent: event.getFirstPropertyValue('transp')?.toUpperCase() === 'TRANSPARENT',
    attendees: event.getAllProperties('attendee').map(property => ({
      address: address(property.getFirstValue()), partstat: property.getParameter('partstat') ?? 'NEEDS-ACTION'
    })).sort((a, b) => a.address < b.address ? -1 : 1),
    organizer: address(event.getFirstPropertyValue('organizer')),
    method: method ? method.toUpperCase() : null,
  }
})
console.log(JSON.stringify(entries))
