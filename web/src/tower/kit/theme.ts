import { createTheme, Input, Menu, Modal, Drawer, Popover, Select, MultiSelect, TextInput, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { setTheme, theme as chosenTheme, type Theme } from "../../ui/theme";

/** The kit takes every colour from tokens.css; its own palette is one token ten times over, so that no shade slips in. */
const accent = Array.from({ length: 10 }, () => "var(--accent)") as unknown as MantineColorsTuple;

export const kitTheme = createTheme({
  primaryColor: "accent",
  primaryShade: 5,
  colors: { accent },
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--font-code)",
  defaultRadius: "var(--radius)",
  focusRing: "auto",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontSizes: { xs: "13px", sm: "14px", md: "14px", lg: "16px", xl: "20px" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  components: {
    Input: Input.extend({ defaultProps: { size: "sm" }, vars: () => ({ wrapper: { "--input-height": "32px", "--input-padding-inline-start": "8px" } }) }),
    TextInput: TextInput.extend({ defaultProps: { size: "sm" } }),
    Select: Select.extend({ defaultProps: { size: "sm", comboboxProps: { shadow: "md", zIndex: 400 } } }),
    MultiSelect: MultiSelect.extend({ defaultProps: { size: "sm", comboboxProps: { shadow: "md", zIndex: 400 } } }),
    Popover: Popover.extend({ defaultProps: { shadow: "md", zIndex: 300 } }),
    Menu: Menu.extend({ defaultProps: { shadow: "md", zIndex: 300 } }),
    Modal: Modal.extend({ defaultProps: { overlayProps: { backgroundOpacity: 0.4 }, zIndex: 300 } }),
    Drawer: Drawer.extend({ defaultProps: { overlayProps: { backgroundOpacity: 0.25 }, zIndex: 250 } }),
  },
});

const shared = {
  "--mantine-color-body": "var(--raised)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-bright": "var(--text)",
  "--mantine-color-dimmed": "var(--muted)",
  "--mantine-color-placeholder": "var(--muted)",
  "--mantine-color-error": "var(--act)",
  "--mantine-color-anchor": "var(--accent)",
  "--mantine-color-default": "var(--ground)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--control)",
  "--mantine-color-disabled": "var(--sunk)",
  "--mantine-color-disabled-color": "var(--muted)",
  "--mantine-color-disabled-border": "var(--line-hard)",
  "--mantine-primary-color-filled": "var(--accent)",
  "--mantine-primary-color-filled-hover": "var(--accent-hover)",
  "--mantine-primary-color-light": "var(--selected)",
  "--mantine-primary-color-light-hover": "var(--hover)",
  "--mantine-primary-color-light-color": "var(--accent)",
  "--mantine-primary-color-contrast": "var(--on-accent)",
  "--mantine-color-accent-filled": "var(--accent)",
  "--mantine-color-accent-filled-hover": "var(--accent-hover)",
  "--mantine-color-accent-light": "var(--selected)",
  "--mantine-color-accent-light-color": "var(--accent)",
  "--mantine-shadow-md": "var(--shadow-panel)",
  "--mantine-line-height": "1.4",
};

export const kitVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });

const dark = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  dark?.addEventListener?.("change", listener);
  return () => {
    listeners.delete(listener);
    dark?.removeEventListener?.("change", listener);
  };
}

/** The chosen theme, what it comes to now, and how to choose another. */
export function useTheme(): { chosen: Theme; shown: "light" | "dark"; choose: (theme: Theme) => void } {
  const state = useSyncExternalStore(subscribe, () => `${chosenTheme()}/${dark?.matches ? "dark" : "light"}`);
  const [chosen, system] = state.split("/") as [Theme, "light" | "dark"];
  return {
    chosen,
    shown: chosen === "system" ? system : chosen,
    choose: (next) => {
      setTheme(next);
      listeners.forEach((listener) => listener());
    },
  };
}
