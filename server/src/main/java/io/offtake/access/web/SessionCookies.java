package io.offtake.access.web;

import io.offtake.access.app.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/// The two cookies of a session: its secret, which no script can read, and the CSRF token, which ours must.
final class SessionCookies {
    static final String SESSION = "OFFTAKE_SESSION";
    static final String CSRF = "OFFTAKE_CSRF";
    static final String CSRF_HEADER = "X-CSRF-Token";

    private SessionCookies() {}

    static @Nullable String session(HttpServletRequest request) {
        var cookies = request.getCookies();
        if (cookies == null) return null;
        for (var cookie : cookies) if (cookie.getName().equals(SESSION) && !cookie.getValue().isEmpty()) return cookie.getValue();
        return null;
    }

    static HttpHeaders set(Sessions.Opened opened, boolean secure, Duration lifetime) {
        var headers = new HttpHeaders();
        headers.add(HttpHeaders.SET_COOKIE, cookie(SESSION, opened.secret(), true, secure, lifetime));
        headers.add(HttpHeaders.SET_COOKIE, cookie(CSRF, String.valueOf(opened.known().csrf()), false, secure, lifetime));
        return headers;
    }

    static HttpHeaders clear(boolean secure) {
        var headers = new HttpHeaders();
        headers.add(HttpHeaders.SET_COOKIE, cookie(SESSION, "", true, secure, Duration.ZERO));
        headers.add(HttpHeaders.SET_COOKIE, cookie(CSRF, "", false, secure, Duration.ZERO));
        return headers;
    }

    private static String cookie(String name, String value, boolean httpOnly, boolean secure, Duration age) {
        return ResponseCookie.from(name, value).httpOnly(httpOnly).secure(secure).sameSite("Lax").path("/").maxAge(age).build().toString();
    }
}
