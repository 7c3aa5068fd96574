package io.offtake.access.web;

import io.offtake.access.app.SecurityEvents;
import io.offtake.access.app.SecurityEvents.Kind;
import io.offtake.access.app.SecurityEvents.Who;
import io.offtake.access.app.Sessions;
import io.offtake.access.domain.Secret;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Recognises who asks, by token or by session cookie. A session's change must bring the session's CSRF token in a header:
/// another site can make a browser send the cookie, but cannot read or set that.
final class AuthenticationFilter extends OncePerRequestFilter {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final String BEARER = "Bearer ";

    private final Sessions sessions;
    private final SecurityEvents events;
    private final HandlerExceptionResolver problems;

    AuthenticationFilter(Sessions sessions, SecurityEvents events, HandlerExceptionResolver problems) {
        this.sessions = sessions;
        this.events = events;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        var path = request.getRequestURI();
        return !path.startsWith("/api/") && !path.startsWith("/actuator/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        try {
            recognise(request, response);
        } catch (RuntimeException refusal) {
            problems.resolveException(request, response, null, refusal);
            return;
        }
        chain.doFilter(request, response);
    }

    private void recognise(HttpServletRequest request, HttpServletResponse response) {
        var authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            var known = sessions.token(authorization.substring(BEARER.length()).strip()).orElse(null);
            if (known == null) {
                note(request, response, Kind.TOKEN_REFUSED, new Who(null, "", null));
                throw Problem.of(ProblemCode.SIGNED_OUT, "This token is unknown, revoked or expired.").exception();
            }
            SecurityContextHolder.getContext().setAuthentication(new CallerAuthentication(known.caller(), false));
            return;
        }
        var secret = SessionCookies.session(request);
        if (secret == null) return;
        var known = sessions.session(secret).orElse(null);
        if (known == null || known.csrf() == null) return;
        boolean signingIn = request.getMethod().equals("POST") && request.getRequestURI().equals("/api/v1/session");
        if (!SAFE.contains(request.getMethod()) && !signingIn) {
            var sent = request.getHeader(SessionCookies.CSRF_HEADER);
            if (sent == null || !Secret.equal(sent, known.csrf())) {
                note(request, response, Kind.CSRF_REFUSED, new Who(known.caller().userId(), known.caller().username(), known.caller().onlyDistributor()));
                throw Problem.of(ProblemCode.CSRF_MISSING).at("#" + SessionCookies.CSRF_HEADER, ProblemCode.CSRF_MISSING, sent == null ? "is missing" : "is not this session's").exception();
            }
        }
        SecurityContextHolder.getContext().setAuthentication(new CallerAuthentication(known.caller(), true));
    }

    private void note(HttpServletRequest request, HttpServletResponse response, Kind kind, Who who) {
        var before = RequestContextHolder.getRequestAttributes();
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request, response));
        try {
            events.note(kind, who, request.getMethod() + " " + request.getRequestURI(), "");
        } finally {
            RequestContextHolder.setRequestAttributes(before);
        }
    }
}
