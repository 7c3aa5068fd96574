package io.offtake.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/// Appends one line per finished tagged test to `target/test-tags.tsv`: outcome, milliseconds, tags, name. The launcher
/// makes `target/capabilities.json` and the shares of its report from these files.
public final class CapabilityListener implements TestExecutionListener {
    private static final Path FILE = Path.of("target", "test-tags.tsv");
    private final Map<String, Long> started = new ConcurrentHashMap<>();

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) started.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) write(test, result.getStatus() == TestExecutionResult.Status.SUCCESSFUL ? "passed" : "failed");
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isTest()) write(test, "skipped");
    }

    private synchronized void write(TestIdentifier test, String outcome) {
        if (test.getTags().isEmpty()) return;
        var since = started.remove(test.getUniqueId());
        long millis = since == null ? 0 : (System.nanoTime() - since) / 1_000_000;
        var tags = test.getTags().stream().map(TestTag::getName).sorted().collect(Collectors.joining(","));
        try {
            if (FILE.getParent() != null) Files.createDirectories(FILE.getParent());
            Files.write(FILE, List.of(outcome + '\t' + millis + '\t' + tags + '\t' + name(test)), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String name(TestIdentifier test) {
        var place = test.getSource().map(source -> switch (source) {
            case MethodSource method -> method.getClassName() + '.' + method.getMethodName();
            case ClassSource type -> type.getClassName();
            default -> test.getUniqueId();
        }).orElse(test.getUniqueId());
        var display = test.getDisplayName().replaceAll("\\s+", " ");
        return place.endsWith(display.replaceAll("\\(.*", "")) ? place : place + " " + display;
    }
}
