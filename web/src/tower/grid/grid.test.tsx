import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../api/client";
import { startTexts } from "../../i18n";
import { csv, csvCell, xlsx } from "./export";
import { Grid, type GridColumn, type GridProps } from "./grid";
import { listParams, readSort, writeSort } from "./list";

interface Row {
  id: string;
  name: string;
  value: string | null;
}

const columns: GridColumn<Row>[] = [
  { id: "name", label: "Name", width: 200, grow: true, sortable: true, fixed: true, cell: (r) => r.name, raw: (r) => r.name },
  { id: "value", label: "Value", width: 100, numeric: true, sortable: true, cell: (r) => r.value ?? "n/a", raw: (r) => r.value },
];
const rows: Row[] = ["Amra", "Bluefin", "Gokul", "Kesar", "Lotus"].map((name, i) => ({ id: String(i), name, value: String(i * 10) }));

beforeAll(async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
  localStorage.setItem("offtake.language", "en");
  await startTexts(["tower"]);
});
afterEach(() => {
  cleanup();
  sessionStorage.clear();
});

function show(props: Partial<GridProps<Row>> = {}) {
  const open = vi.fn();
  const sort = vi.fn();
  const find = vi.fn();
  const back = vi.fn();
  const clear = vi.fn();
  render(
    <MantineProvider>
      <Grid<Row> id="t" label="Distributors" columns={columns} rows={rows} rowKey={(r) => r.id} rowLabel={(r) => r.name} empty={<p>nothing here</p>} onOpen={open} onSort={sort} onFind={find} onBack={back} onClear={clear} {...props} />
    </MantineProvider>,
  );
  return { open, sort, find, back, clear };
}

const grid = () => screen.getByRole("grid");
const active = () => document.getElementById(grid().getAttribute("aria-activedescendant")!)!.textContent;
const key = (code: string, more: object = {}) => fireEvent.keyDown(grid(), { code, key: code.replace(/^Key/, "").toLowerCase(), ...more });

describe("the grid", () => {
  it("[ANA-20] arrows, Home and End move, Enter opens, Shift+Enter opens beside", () => {
    const { open } = show();
    expect(active()).toContain("Amra");
    key("ArrowDown");
    key("ArrowDown");
    expect(active()).toContain("Gokul");
    key("End");
    expect(active()).toContain("Lotus");
    key("ArrowUp");
    key("Enter");
    expect(open).toHaveBeenLastCalledWith(rows[3], false);
    key("Home");
    key("Enter", { shiftKey: true });
    expect(open).toHaveBeenLastCalledWith(rows[0], true);
  });

  it("[ANA-20] a slash goes to the filter, Backspace up, Ctrl+Shift+L clears, letters jump to a row", () => {
    const { find, back, clear } = show();
    fireEvent.keyDown(grid(), { code: "Slash", key: "/" });
    expect(find).toHaveBeenCalledOnce();
    key("Backspace");
    expect(back).toHaveBeenCalledOnce();
    key("KeyL", { ctrlKey: true, shiftKey: true });
    expect(clear).toHaveBeenCalledOnce();
    key("KeyK");
    expect(active()).toContain("Kesar");
  });

  it("[ANA-20] a heading sorts, numbers from the top first; the direction is announced", () => {
    const { sort } = show({ sort: [{ by: "name", desc: false }] });
    expect(screen.getByRole("columnheader", { name: /Name/ }).getAttribute("aria-sort")).toBe("ascending");
    fireEvent.click(within(screen.getByRole("columnheader", { name: /Value/ })).getByRole("button"));
    expect(sort).toHaveBeenLastCalledWith([{ by: "value", desc: true }]);
    fireEvent.click(within(screen.getByRole("columnheader", { name: /Name/ })).getByRole("button"));
    expect(sort).toHaveBeenLastCalledWith([{ by: "name", desc: true }]);
  });

  it("[ANA-20] counts rows and columns for a reader, and says so when more may come", () => {
    show();
    expect(grid().getAttribute("aria-rowcount")).toBe("6");
    expect(grid().getAttribute("aria-colcount")).toBe("2");
    cleanup();
    show({ hasMore: true });
    expect(grid().getAttribute("aria-rowcount")).toBe("-1");
    expect(screen.getByText(/more to come/)).toBeTruthy();
  });

  it("[ANA-20] hides a column and keeps the fixed one", () => {
    show({ hidden: { value: true } });
    expect(screen.queryByRole("columnheader", { name: /Value/ })).toBeNull();
    expect(screen.getByRole("columnheader", { name: /Name/ })).toBeTruthy();
  });

  it("[ANA-20] empty, refused and failed each have their own words and a way out", () => {
    show({ rows: [] });
    expect(screen.getByText("nothing here")).toBeTruthy();
    cleanup();
    const retry = vi.fn();
    show({ rows: [], error: new ApiError(0, { code: "NOT_REACHED" }), onRetry: retry });
    expect(screen.getByRole("alert").textContent).toContain("The server was not reached");
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(retry).toHaveBeenCalledOnce();
  });

  it("[ANA-20] loading shows nothing for 200 ms, then rows of true size, after 3 s what is awaited", () => {
    vi.useFakeTimers();
    show({ rows: [], loading: true });
    expect(document.querySelectorAll(".sk")).toHaveLength(0);
    vi.advanceTimersByTime(250);
    return vi.waitFor(() => expect(document.querySelectorAll(".sk").length).toBeGreaterThan(8)).then(() => {
      vi.advanceTimersByTime(3000);
      return vi.waitFor(() => expect(screen.getByText(/Waiting for Distributors/)).toBeTruthy());
    }).finally(() => vi.useRealTimers());
  });

  it("[ANA-20] a failed page keeps the rows that were read", () => {
    show({ error: new ApiError(500, { code: "FAULT" }) });
    expect(screen.getByRole("alert")).toBeTruthy();
    expect(screen.getByText("Kesar")).toBeTruthy();
  });

  it("[ANA-20] draws only what is seen of 5,000 rows", () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ id: String(i), name: `Row ${i}`, value: "1" }));
    show({ rows: many });
    expect(document.querySelectorAll("tbody tr[role=row]").length).toBeLessThan(120);
  });

  it("[ANA-20] totals stand under the rows as rows of their own", () => {
    show({ foot: [{ id: "t", cells: { name: "Whole", value: "100" } }] });
    expect(screen.getByText("Whole")).toBeTruthy();
  });
});

describe("a list's address", () => {
  it("[ANA-20] order and filters survive the way", () => {
    expect(writeSort(readSort("code,-name"))).toBe("code,-name");
    const filters = [{ id: "status", label: "State", kind: "choice" as const }];
    expect(listParams({ q: "ka", status: "ACTIVE", evil: "1", sort: "-name" }, filters, { fixed: "1" })).toEqual({ fixed: "1", q: "ka", sort: "-name", status: "ACTIVE" });
  });
});

describe("export", () => {
  it("[INT-07] CSV quotes what a spreadsheet would run and keeps numbers raw", () => {
    expect(csvCell("=1+1")).toBe("'=1+1");
    expect(csvCell("@cmd")).toBe("'@cmd");
    expect(csvCell("-12.50")).toBe("-12.50");
    expect(csvCell("-A1")).toBe("'-A1");
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
    expect(csvCell(null)).toBe("");
    const file = csv(columns, rows.slice(0, 1));
    expect(file).toBe("\uFEFFName,Value\r\nAmra,0\r\n");
  });

  it("[INT-07] XLSX is an archive with typed cells, a frozen header and a sheet that says what it is", async () => {
    const bytes = new Uint8Array(await xlsx(columns, [{ id: "1", name: "A & <B>", value: "12.50" }], [["List", "Distributors"]]).arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    expect(text.slice(0, 2)).toBe("PK");
    expect(text).toContain("<v>12.50</v>");
    expect(text).toContain("A &amp; &lt;B&gt;");
    expect(text).toContain('state="frozen"');
    expect(text).toContain("autoFilter");
    expect(text).toContain('name="About"');
  });
});
