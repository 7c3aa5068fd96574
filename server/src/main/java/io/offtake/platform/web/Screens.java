package io.offtake.platform.web;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.PathResourceResolver;

/// Serves the packaged screens. Every address inside a workspace is that workspace's page, which finds its way by itself;
/// files with a hash in their name are kept for ever, pages and service workers are asked for again each time.
@Configuration(proxyBeanMethods = false)
class Screens implements WebMvcConfigurer {
    private static final List<String> WORKSPACES = List.of("counter", "tower");

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        for (var workspace : WORKSPACES) {
            registry.addRedirectViewController("/" + workspace, "/" + workspace + "/");
            registry.addViewController("/" + workspace + "/").setViewName("forward:/" + workspace + "/index.html");
        }
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        var forEver = CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();
        registry.addResourceHandler("/assets/**").addResourceLocations("classpath:/static/assets/").setCacheControl(forEver);
        for (var workspace : WORKSPACES) {
            var folder = "classpath:/static/" + workspace + "/";
            registry.addResourceHandler("/" + workspace + "/assets/**").addResourceLocations(folder + "assets/").setCacheControl(forEver);
            registry.addResourceHandler("/" + workspace + "/**").addResourceLocations(folder).setCacheControl(CacheControl.noCache())
                    .resourceChain(true).addResolver(new PageOfWorkspace());
        }
    }

    private static final class PageOfWorkspace extends PathResourceResolver {
        @Override
        protected @Nullable Resource getResource(String path, Resource location) throws IOException {
            var file = super.getResource(path, location);
            boolean isFile = path.substring(path.lastIndexOf('/') + 1).contains(".");
            return file != null || isFile ? file : super.getResource("index.html", location);
        }
    }
}
