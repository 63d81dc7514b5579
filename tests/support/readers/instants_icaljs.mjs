// Which instants ical.js finds in calendar texts: one JSON string a line in, {UID: [[start, end], …]} a line out, sorted;
// seconds since 1970, or "2026-06-17" for dates. Zones come from the VTIMEZONEs in the text and from nothing else.
import { createInterface } from 'node:readline'
import ICAL from 'ical.js'

const parsedZones = new Map()

function useZones(calendar) {
  ICAL.TimezoneService.reset()
  for (const component of calendar.getAllSubcomponents('vtimezone')) {
    const text = component.toString()
    if (!parsedZones.has(text)) parsedZones.set(text, new ICAL.Timezone(component))
    ICAL.TimezoneService.register(parsedZones.get(text))
  }
}

function said(time) {
  if (time.isDate) return time.toString()
  if (time.zone === ICAL.Timezone.localTimezone) throw new Error(`${time} has no zone in this text`)
  return time.toUnixTime()
}

function zoned(component) {
  for (const property of component.getAllProperties()) {
    const id = property.getParameter('tzid')
    if (!id) continue
    const zone = ICAL.TimezoneService.get(id)
    if (!zone) throw new Error(`${id} has no VTIMEZONE`)
    for (const time of property.getValues()) time.zone = zone
  }
  return component
}

function instants(text) {
  const calendar = new ICAL.Component(ICAL.parse(text))
  useZones(calendar)
  const series = new Map()
  for (const component of calendar.getAllSubcomponents('vevent').map(zoned)) {
    const uid = component.getFirstPropertyValue('uid')
    if (!series.has(uid)) series.set(uid, { master: null, changed: [] })
    const of = series.get(uid)
    if (component.hasProperty('recurrence-id')) of.changed.push(component)
    else of.master = component
  }
  const found = {}
  for (const [uid, of] of series) {
    const list = []
    const add = (start, end) => list.push([said(start), said(end)])
    if (!of.master) {
      for (const component of of.changed) {
        const event = new ICAL.Event(component)
        add(event.startDate, event.endDate)
      }
    } else {
      const event = new ICAL.Event(of.master, { exceptions: of.changed })
      if (!event.isRecurring()) add(event.startDate, event.endDate)
      else {
        const iterator = event.iterator()
        for (let next = iterator.next(), n = 0; next && n < 1100; next = iterator.next(), ++n) {
          const details = event.getOccurrenceDetails(next)
          add(details.startDate, details.endDate)
        }
      }
    }
    found[uid] = list.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : 1))
  }
  return found
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer
  try {
    answer = instants(JSON.parse(line))
  } catch (error) {
    answer = { error: String(error.message) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
