package io.offtake.launch;

import io.offtake.platform.Progress;
import java.io.PrintStream;

/// A bar on a terminal; in a log file one line per tenth.
final class ConsoleProgress implements Progress {
    private static final int WIDTH = 30;
    private final PrintStream out;
    private final boolean terminal;
    private String step = "";
    private long tenth = -1;
    private long drawnAt;
    private long startedAt;

    ConsoleProgress(PrintStream out) {
        this.out = out;
        this.terminal = System.console() != null && System.console().isTerminal();
    }

    @Override
    public synchronized void at(String what, long done, long total) {
        long now = System.nanoTime();
        if (!what.equals(step)) {
            finish();
            step = what;
            tenth = -1;
            drawnAt = 0;
            startedAt = now;
        }
        boolean complete = total > 0 && done >= total;
        if (terminal) {
            if (!complete && now - drawnAt < 100_000_000L) return;
            drawnAt = now;
            if (total > 0) {
                int filled = (int) (WIDTH * Math.min(done, total) / total);
                out.print("\r  " + "█".repeat(filled) + "░".repeat(WIDTH - filled) + " " + 100 * Math.min(done, total) / total + " %  " + what + "\033[K");
            } else {
                out.print("\r  " + what + " " + done + "\033[K");
            }
            out.flush();
        } else if (total > 0 && done * 10 / total > tenth) {
            tenth = done * 10 / total;
            out.println("  " + what + ": " + done + " of " + total + " (" + (now - startedAt) / 1_000_000_000L + " s)");
        }
    }

    /// Ends the line of the bar.
    synchronized void finish() {
        if (terminal && !step.isEmpty()) out.println();
        step = "";
    }
}
