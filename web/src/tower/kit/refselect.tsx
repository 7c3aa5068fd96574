import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Page, Params } from "../http";

interface Named {
  id: string | number;
  code?: string | null;
  name?: string | null;
}

export function labelOf(item: Named): string {
  return [item.code, item.name].filter(Boolean).join(" · ") || String(item.id);
}

/** Chooses one record of another register by typing part of its code or name; the server searches. */
export function RefSelect({ type, by = "id", value, onChange, label, error, params, inPopover, disabled, required, placeholder, valueLabel }: {
  type: string;
  /** What the value is: the id of the record, or its code. */
  by?: "id" | "code";
  value: string | null;
  onChange: (value: string | null, label: string | null) => void;
  label: ReactNode;
  error?: string | undefined;
  params?: Params | undefined;
  inPopover?: boolean;
  disabled?: boolean | undefined;
  required?: boolean | undefined;
  placeholder?: string;
  /** Name of the present value, where the record already carries it. */
  valueLabel?: string | null | undefined;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [wanted, setWanted] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setWanted(text), 200);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery({
    queryKey: ["ref", type, params, wanted],
    staleTime: 60_000,
    queryFn: ({ signal }) => api<Page<Named>>(`/api/v1/${type}`, { query: { ...params, q: wanted || undefined, limit: 30 }, signal }),
  });
  const own = useQuery({
    queryKey: ["ref-one", type, value],
    enabled: Boolean(value) && !valueLabel && by === "id" && !found.data?.items.some((i) => String(i.id) === value),
    staleTime: 300_000,
    queryFn: () => api<Named>(`/api/v1/${type}/${value}`),
    retry: false,
  });
  const data = (found.data?.items ?? []).filter((i) => by === "id" || i.code).map((i) => ({ value: by === "id" ? String(i.id) : String(i.code), label: labelOf(i) }));
  if (value && !data.some((d) => d.value === value)) data.unshift({ value, label: valueLabel || (own.data ? labelOf(own.data) : value) });
  return (
    <Select
      label={label}
      data={data}
      value={value}
      onChange={(v) => onChange(v, data.find((d) => d.value === v)?.label ?? null)}
      searchable
      clearable={!required}
      disabled={disabled ?? false}
      error={error}
      placeholder={placeholder ?? t("form.typeToSearch")}
      filter={({ options }) => options}
      searchValue={undefined}
      onSearchChange={(s) => setText(data.some((d) => d.label === s) ? "" : s)}
      nothingFoundMessage={found.isFetching ? t("state.loading") : t("form.nothingFound")}
      comboboxProps={{ withinPortal: !inPopover, zIndex: 400 }}
      clearButtonProps={{ "aria-label": t("form.clear") }}
    />
  );
}
