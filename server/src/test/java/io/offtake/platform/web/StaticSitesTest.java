package io.offtake.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/// The three builds are served each under its own address, cached as long as their names allow.
@Tag("UXP-01")
class StaticSitesTest {
    @EnableWebMvc
    static class Web {}

    private MockMvc web;
    private Path root;

    @BeforeEach
    void build(@TempDir Path folder) throws Exception {
        root = folder;
        for (var file : new String[] {"index.html", "counter/index.html", "tower/index.html", "counter/sw.js", "assets/index-a1b2.js", "counter/assets/counter-c3d4.js", "icon.svg"}) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(folder.resolve(file), "content of " + file);
        }
        Files.writeString(folder.resolveSibling("secret.txt"), "outside");
        var context = new AnnotationConfigWebApplicationContext();
        context.setServletContext(new MockServletContext());
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("build", Map.of("offtake.web.location", folder.toUri().toString())));
        context.register(Web.class, ProblemHandler.class, StaticSites.class);
        context.refresh();
        web = MockMvcBuilders.webAppContextSetup(context).build();
    }

    private MockHttpServletResponse answer(String path) throws Exception {
        return web.perform(get(path)).andReturn().getResponse();
    }

    @Test
    void everyAddressOfABuildIsItsPage() throws Exception {
        for (var path : new String[] {"/counter/bill", "/counter/outlets/0192/edit", "/counter/index.html"}) {
            assertThat(answer(path).getContentAsString()).as(path).isEqualTo("content of counter/index.html");
        }
        assertThat(answer("/tower/today").getContentAsString()).isEqualTo("content of tower/index.html");
        assertThat(answer("/").getForwardedUrl()).isEqualTo("/index.html");
        assertThat(answer("/counter/").getForwardedUrl()).isEqualTo("/counter/index.html");
        assertThat(answer("/tower").getRedirectedUrl()).isEqualTo("/tower/");
        assertThat(answer("/index.html").getContentAsString()).isEqualTo("content of index.html");
    }

    @Test
    void aMissingFileIsAProblemAndNotThePage() throws Exception {
        for (var path : new String[] {"/counter/assets/gone-1234.js", "/counter/gone.png", "/nowhere", "/assets/gone.js"}) {
            assertThat(answer(path).getStatus()).as(path).isEqualTo(404);
            assertThat(answer(path).getContentAsString()).as(path).contains("NOT_FOUND");
        }
        for (var path : new String[] {"/../secret.txt", "/counter/../../secret.txt", "/counter/..%2f..%2fsecret.txt"}) {
            assertThat(answer(path).getContentAsString()).as(path).doesNotContain("outside");
        }
    }

    @Test
    void hashedFilesAreKeptForeverAndPagesAreAskedForEachTime() throws Exception {
        assertThat(answer("/counter/assets/counter-c3d4.js").getHeader("Cache-Control")).contains("max-age=31536000", "immutable");
        assertThat(answer("/assets/index-a1b2.js").getHeader("Cache-Control")).contains("immutable");
        for (var path : new String[] {"/index.html", "/counter/bill", "/counter/sw.js"}) assertThat(answer(path).getHeader("Cache-Control")).as(path).isEqualTo("no-cache");
    }

    @Test
    void aPageThatDidNotChangeIsNotSentAgain() throws Exception {
        var etag = answer("/counter/bill").getHeader("ETag");
        assertThat(etag).startsWith("W/");
        assertThat(web.perform(get("/counter/bill").header("If-None-Match", etag)).andReturn().getResponse().getStatus()).isEqualTo(304);
    }

    @Test
    void aPackageWithoutScreensSaysSo() throws Exception {
        Files.delete(root.resolve("tower/index.html"));
        assertThat(answer("/tower/today").getContentAsString()).contains("not built into this package");
    }
}
