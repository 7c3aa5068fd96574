import type { ReactNode, SVGProps } from "react";

/** The few icons of the tower as bare paths: lighter than a library, and all of one stroke. */
const PATHS = {
  today: <><path d="M4 11 12 4l8 7" /><path d="M6 10v10h12V10" /><path d="M10 20v-6h4v6" /></>,
  explore: <><path d="M4 4v16h16" /><path d="m7 15 4-5 3 3 5-7" /></>,
  money: <><path d="M4 7h16v11H4z" /><path d="M4 11h16" /><circle cx="16" cy="14.5" r="1" /></>,
  bill: <><path d="M6 3h9l4 4v14H6z" /><path d="M14 3v5h5M9 12h7M9 16h7" /></>,
  scheme: <><path d="M4 12 12 4h7v7l-8 8z" /><circle cx="15.5" cy="8.5" r="1" /></>,
  masters: <><path d="M12 3 3.5 7.5 12 12l8.5-4.5z" /><path d="m4 12 8 4.500 8-4.500M4 16.500 12 21l8-4.500" /></>,
  imports: <><path d="M12 4v11m0 0-4-4m4 4 4-4" /><path d="M5 15v5h14v-5" /></>,
  people: <><circle cx="9" cy="8" r="3.5" /><path d="M3 20c0-3.500 2.500-6 6-6s6 2.500 6 6M16 5a3.500 3.500 0 0 1 0 6.500M17.500 14.500c2 .8 3.500 2.800 3.500 5.500" /></>,
  help: <><circle cx="12" cy="12" r="8.500" /><path d="M9.500 9.500a2.500 2.500 0 1 1 3.700 2.200c-.8.500-1.200 1-1.200 1.800M12 16.800v.01" /></>,
  search: <><circle cx="11" cy="11" r="6" /><path d="m20 20-4.500-4.500" /></>,
  down: <path d="m7 10 5 5 5-5" />,
  right: <path d="m10 7 5 5-5 5" />,
  close: <path d="m7 7 10 10M17 7 7 17" />,
  plus: <path d="M12 6v12M6 12h12" />,
  menu: <path d="M4 7h16M4 12h16M4 17h16" />,
  share: <><path d="M12 15V4m0 0L8 8m4-4 4 4" /><path d="M5 14v6h14v-6" /></>,
  table: <path d="M4 5h16v14H4zM4 10h16M10 5v14" />,
  filter: <path d="M4 6h16M7 12h10M10 18h4" />,
  columns: <path d="M4 5h16v14H4zM9.500 5v14M14.500 5v14" />,
  sun: <><circle cx="12" cy="12" r="4" /><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M5.600 18.400 7 17M17 7l1.400-1.400" /></>,
  moon: <path d="M19 14.500A8 8 0 0 1 9.500 5a7.500 7.500 0 1 0 9.500 9.500z" />,
  out: <><path d="M14 5H5v14h9" /><path d="M10 12h10m0 0-3.500-3.500M20 12l-3.500 3.500" /></>,
  edit: <><path d="M5 19h3L19 8l-3-3L5 16z" /></>,
  clock: <><circle cx="12" cy="12" r="8.500" /><path d="M12 7v5l3 2" /></>,
  file: <><path d="M6 3h9l4 4v14H6z" /><path d="M14 3v5h5" /></>,
  check: <path d="m5 12 5 5L19 7" />,
  alert: <><path d="M12 4 3 20h18z" /><path d="M12 10v4M12 17v.01" /></>,
  house: <><path d="M3 10 12 4l9 6v10H3z" /><path d="M8 20v-7h8v7M8 16.500h8" /></>,
  claim: <><path d="M6 3h9l4 4v14H6z" /><path d="m9 14 2.500 2.500L16 12" /></>,
  pin: <><path d="M9 4h6l-1 6 3 3H7l3-3z" /><path d="M12 13v7" /></>,
  bookmark: <path d="M7 4h10v16l-5-4-5 4z" />,
  map: <><circle cx="12" cy="10" r="2.500" /><path d="M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11z" /></>,
  download: <><path d="M12 4v11m0 0-4-4m4 4 4-4M5 20h14" /></>,
  up: <path d="m7 14 5-5 5 5" />,
  left: <path d="m14 7-5 5 5 5" />,
  data: <><path d="M5 6c0-1.500 3-2.500 7-2.500s7 1 7 2.500-3 2.500-7 2.500S5 7.500 5 6z" /><path d="M5 6v12c0 1.500 3 2.500 7 2.500s7-1 7-2.500V6M5 12c0 1.500 3 2.500 7 2.500s7-1 7-2.500" /></>,
  key: <><circle cx="8" cy="15" r="4" /><path d="m11 12 8-8M16 7l3 3" /></>,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

export function Icon({ name, large, ...rest }: { name: IconName; large?: boolean } & SVGProps<SVGSVGElement>) {
  return (
    <svg {...rest} className={`ic ${large ? "l" : ""} ${rest.className ?? ""}`} viewBox="0 0 24 24" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      {PATHS[name]}
    </svg>
  );
}
