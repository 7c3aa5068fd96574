package io.offtake.rules.oracle;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.tools.ToolProvider;

/// A bug planted in a copy of the engine: one piece of its source replaced by another.
/// @param name what the bug does, as a reviewer would say it
/// @param file the source below `rules/src/main/java/io/offtake/rules`
/// @param from what the source says; it must say so exactly once, so that a mutation which no longer fits fails loudly
/// @param to what the buggy copy says
record Mutant(String name, String file, String from, String to) {
    static final Path SOURCES = Path.of("src/main/java");

    /// The source text with the bug in it.
    /// @throws IllegalStateException if the source does not say `from` exactly once
    String planted() throws IOException {
        var source = Files.readString(SOURCES.resolve("io/offtake/rules").resolve(file));
        int first = source.indexOf(from);
        if (first < 0) throw new IllegalStateException("mutation \"" + name + "\": " + file + " no longer says \"" + from + "\"; choose its place anew");
        if (source.indexOf(from, first + 1) >= 0) throw new IllegalStateException("mutation \"" + name + "\": " + file + " says \"" + from + "\" more than once; say more of it");
        return source.substring(0, first) + to + source.substring(first + from.length());
    }

    /// Compiles the engine with the bug and opens it in a class loader of its own, apart from the one on the class path.
    Planted compiled() throws IOException {
        var folder = Files.createTempDirectory("offtake-mutant");
        var sources = folder.resolve("sources");
        var classes = Files.createDirectory(folder.resolve("classes"));
        var files = new ArrayList<Path>();
        try (var all = Files.walk(SOURCES)) {
            for (var source : all.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
                var copy = sources.resolve(SOURCES.relativize(source).toString());
                Files.createDirectories(copy.getParent());
                if (source.endsWith(Path.of("io/offtake/rules").resolve(file))) Files.writeString(copy, planted());
                else Files.copy(source, copy);
                files.add(copy);
            }
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            boolean good = compiler.getTask(said, manager, null, List.of("-d", classes.toString(), "-proc:none", "-nowarn", "-g:none", "-implicit:none", "-classpath", ""), null,
                    manager.getJavaFileObjectsFromPaths(files)).call();
            if (!good) throw new IllegalStateException("mutation \"" + name + "\" does not compile:\n" + said);
        }
        var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        return new Planted(folder, loader, new Contender(loader));
    }

    /// The buggy engine, ready to answer; closing it removes its files.
    record Planted(Path folder, URLClassLoader loader, Contender engine) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            loader.close();
            try (var all = Files.walk(folder)) {
                for (var path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
            }
        }
    }
}
