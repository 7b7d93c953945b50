/** Instants are text with the record's offset; they are shown on the clock of the record, never of the browser. */

const OFFSET = /(?:Z|([+-])(\d\d):(\d\d))$/;
const MINUTE = 60_000;

/** Milliseconds since 1970. */
export function millis(instant: string): number {
  return Date.parse(instant);
}

/** The offset of an instant in milliseconds. */
export function offsetOf(instant: string): number {
  const [, sign, hours, minutes] = OFFSET.exec(instant) ?? [];
  if (!sign) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

/** An instant as the engine writes it, at an offset. */
export function instantAt(time: number, offset: number): string {
  const local = new Date(time + offset).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const minutes = Math.abs(offset) / MINUTE;
  const two = (number: number) => String(number).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** `09:00`. */
export function clock(instant: string): string {
  return instant.slice(11, 16);
}

/** `2021-01-01`. */
export function day(instant: string): string {
  return instant.slice(0, 10);
}

/** `2021-01-01 09:00`. */
export function dayAndClock(instant: string): string {
  return `${day(instant)} ${clock(instant)}`;
}

/** The clock, with the day where it is another than that of what stands beside it. */
export function near(instant: string, beside: string): string {
  return day(instant) === day(beside) ? clock(instant) : `${instant.slice(5, 10)} ${clock(instant)}`;
}
