package io.offtake.platform.web;

import io.offtake.platform.Ids;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.module.SimpleModule;

/// Clock, ids, JSON and the arguments every controller may ask for.
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    /// Whole microseconds, because that is what the database keeps; its zone is the head office's, so that `LocalDate.now(clock)` is the
    /// network's day. Documents of a distributor follow its own zone.
    @Bean
    @ConditionalOnMissingBean
    Clock clock(@Value("${offtake.zone}") String zone) {
        if (!ZoneId.getAvailableZoneIds().contains(zone)) throw new IllegalStateException("offtake.zone: \"" + zone + "\" is no time zone. Such as Asia/Kolkata.");
        return Clock.tick(Clock.system(ZoneId.of(zone)), Duration.ofNanos(1000));
    }

    @Bean
    @ConditionalOnMissingBean
    Ids ids(Clock clock) {
        return new Ids(clock);
    }

    /// JSON as the contract has it: decimals as plain strings, dates in ISO form; nothing unknown, doubled or half read.
    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return builder -> builder
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .addModule(new SimpleModule("offtake")
                        .addSerializer(BigDecimal.class, new PlainDecimal.Writer())
                        .addDeserializer(BigDecimal.class, new PlainDecimal.Reader())
                        .addDeserializer(String.class, new StorableText()));
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new HandlerMethodArgumentResolver() {
            @Override
            public boolean supportsParameter(MethodParameter parameter) {
                return parameter.getParameterType() == ListQuery.class;
            }

            @Override
            public Object resolveArgument(MethodParameter parameter, @org.jspecify.annotations.Nullable ModelAndViewContainer container, NativeWebRequest request, @org.jspecify.annotations.Nullable WebDataBinderFactory binders) {
                return ListQuery.of(request.getParameterMap());
            }
        });
        resolvers.add(new HandlerMethodArgumentResolver() {
            @Override
            public boolean supportsParameter(MethodParameter parameter) {
                return parameter.getParameterType() == IfMatch.class;
            }

            @Override
            public Object resolveArgument(MethodParameter parameter, @org.jspecify.annotations.Nullable ModelAndViewContainer container, NativeWebRequest request, @org.jspecify.annotations.Nullable WebDataBinderFactory binders) {
                return IfMatch.parse(request.getHeader(HttpHeaders.IF_MATCH));
            }
        });
    }
}
