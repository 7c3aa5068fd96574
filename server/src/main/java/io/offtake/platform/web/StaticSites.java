package io.offtake.platform.web;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.PathResourceResolver;

/// The three builds of the web application: sign-in at `/`, and one page each below `/counter/` and `/tower/`. A path below
/// a build that is no file is the build's own page, since its addresses are made in the browser. Files with a hash in
/// their name never change; pages and service workers are asked for each time.
@Configuration(proxyBeanMethods = false)
class StaticSites implements WebMvcConfigurer {
    private final String location;
    private final Map<String, String> etags = new ConcurrentHashMap<>();

    StaticSites(@Value("${offtake.web.location:classpath:/static/}") String location) {
        this.location = location.endsWith("/") ? location : location + "/";
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        for (var entry : new String[] {"", "counter/", "tower/"}) {
            registry.addResourceHandler("/" + entry + "assets/**").addResourceLocations(location + entry + "assets/")
                    .setCacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        }
        for (var entry : new String[] {"counter/", "tower/"}) site(registry, "/" + entry + "**", location + entry, true);
        site(registry, "/**", location, false);
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController("/").setViewName("forward:/index.html");
        for (var entry : new String[] {"/counter", "/tower"}) {
            registry.addRedirectViewController(entry, entry + "/");
            registry.addViewController(entry + "/").setViewName("forward:" + entry + "/index.html");
        }
    }

    private void site(ResourceHandlerRegistry registry, String pattern, String root, boolean ownAddresses) {
        registry.addResourceHandler(pattern).addResourceLocations(root)
                .setCacheControl(CacheControl.noCache()).setUseLastModified(false).setEtagGenerator(this::etag)
                .resourceChain(false).addResolver(new PathResourceResolver() {
                    @Override
                    protected @Nullable Resource getResource(String path, Resource base) throws IOException {
                        if (path.equals("index.html")) return index(base);
                        var file = super.getResource(path, base);
                        if (file != null || !ownAddresses || path.substring(path.lastIndexOf('/') + 1).contains(".")) return file;
                        return index(base);
                    }

                    private Resource index(Resource base) throws IOException {
                        var page = base.createRelative("index.html");
                        if (page.isReadable()) return page;
                        throw Problem.of(ProblemCode.NOT_FOUND, "The screens were not built into this package.").exception();
                    }
                });
    }

    /// By content, because file times are all alike in a reproducible build; weak, because the answer may be compressed.
    private String etag(Resource resource) {
        try {
            return etags.computeIfAbsent(resource.getURL().toString(), _ -> {
                try (var in = resource.getInputStream()) {
                    var digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
                    return "W/\"" + HexFormat.of().formatHex(digest, 0, 8) + "\"";
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                } catch (NoSuchAlgorithmException impossible) {
                    throw new IllegalStateException(impossible);
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
