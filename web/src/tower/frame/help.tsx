import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Kbd } from "../../ui";

const COMMON: [string, string][] = [["Ctrl+K", "go"], ["F1", "help"], ["Ctrl+F6", "region"], ["Esc", "back"]];
const GRID: [string, string][] = [["↑ ↓", "rows"], ["Enter", "open"], ["/", "filter"], ["Home End", "ends"], ["Ctrl+Shift+L", "clear"]];
const EXPLORE: [string, string][] = [["Enter", "drill"], ["Shift+Enter", "beside"], ["Backspace", "up"], ["T", "asTable"]];

const DESK: [string, string][] = [["J K", "nextCase"], ["↑ ↓", "lines"], ["A", "approve"], ["C P", "cutLine"], ["1 … 9", "reason"], ["Q", "query"], ["R", "reject"], ["F", "onlyCut"], ["E B", "evidence"]];

/** What this screen is for and its keys; the same corner on every page. */
export function Help({ place, onClose }: { place: string; onClose: () => void }) {
  const { t } = useTranslation();
  const rows = [...(place === "claims-desk" ? DESK : place === "today" ? [] : GRID), ...(place === "explore" ? EXPLORE : []), ...COMMON];
  return (
    <Modal opened onClose={onClose} title={t("help.title", { place: t(`rail.${place}`) })} size="md" closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}>
      <p style={{ padding: "12px 0" }}>{t(`help.of.${place}`)}</p>
      <h3 style={{ marginBottom: 8 }}>{t("help.keys")}</h3>
      <dl className="dl" style={{ gridTemplateColumns: "144px minmax(0, 1fr)" }}>
        {rows.map(([key, what], i) => [
          <dt key={`k${i}`}><Kbd>{key}</Kbd></dt>,
          <dd key={`d${i}`}>{t(`help.key.${what}`)}</dd>,
        ])}
      </dl>
    </Modal>
  );
}
