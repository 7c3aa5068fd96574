package io.offtake.access.web;

import io.offtake.access.Caller;
import io.offtake.access.Role;
import io.offtake.access.app.SecurityEvents;
import io.offtake.access.app.Sessions;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.servlet.HandlerExceptionResolver;
import tools.jackson.databind.json.JsonMapper;

/// What is open, what takes a session or token, and which headers every answer carries.
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class SecurityConfiguration {

    /// Everything comes from ourselves: no other host, no inline script, no frame. Styles may be inline because components
    /// set them at run time; blobs are labels and prints made in the browser.
    static final String CONTENT_POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
            + "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// No span around each of Spring Security's filters: with nobody to read them they cost a tenth of a posting's CPU.
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http, Sessions sessions, SecurityEvents events, JsonMapper mapper,
                                 @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        http.csrf(AbstractHttpConfigurer::disable) // AuthenticationFilter does it, bound to our own sessions
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .httpBasic(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .addFilterBefore(new AuthenticationFilter(sessions, events, problems), AnonymousAuthenticationFilter.class)
                .exceptionHandling(handling -> handling
                        .authenticationEntryPoint((_, response, _) -> write(mapper, response, Problem.of(ProblemCode.SIGNED_OUT)))
                        .accessDeniedHandler((_, response, _) -> write(mapper, response, Problem.of(ProblemCode.FORBIDDEN))))
                .authorizeHttpRequests(requests -> requests
                        .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR).permitAll()
                        .requestMatchers(HttpMethod.POST, "/api/v1/session").permitAll()
                        .requestMatchers(HttpMethod.GET, "/api/v1/demo/doors", "/actuator/health/**", "/openapi.json").permitAll()
                        .requestMatchers("/api/**").authenticated()
                        .requestMatchers("/actuator/**").access((authentication, _) -> new AuthorizationDecision(
                                authentication.get() != null && authentication.get().getPrincipal() instanceof Caller caller && caller.roles().contains(Role.IT)))
                        .requestMatchers(HttpMethod.GET, "/**").permitAll()
                        .requestMatchers(HttpMethod.HEAD, "/**").permitAll()
                        .anyRequest().denyAll())
                .headers(headers -> headers
                        .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN))
                        .permissionsPolicyHeader(policy -> policy.policy("camera=(self), geolocation=(self), microphone=(), payment=(), usb=(self)"))
                        .crossOriginOpenerPolicy(policy -> policy.policy(org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy.SAME_ORIGIN))
                        .frameOptions(frames -> frames.deny())
                        .httpStrictTransportSecurity(hsts -> hsts.includeSubDomains(false).maxAgeInSeconds(31_536_000)));
        return http.build();
    }

    private static void write(JsonMapper mapper, HttpServletResponse response, Problem problem) throws IOException {
        response.setStatus(problem.code().status());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        if (problem.code() == ProblemCode.SIGNED_OUT) response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"offtake\"");
        mapper.writeValue(response.getOutputStream(), problem);
    }
}
