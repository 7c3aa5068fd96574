package io.offtake.platform.web;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/// Bounds what a request may bring before anything reads it: size of the body, and text the database can keep.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class RequestGuard extends OncePerRequestFilter {
    private final long jsonLimit;
    private final long bulkLimit;
    private final JsonMapper mapper;

    RequestGuard(@Value("${offtake.http.max-body:2097152}") long jsonLimit, @Value("${offtake.http.max-bulk:209715200}") long bulkLimit, JsonMapper mapper) {
        this.jsonLimit = jsonLimit;
        this.bulkLimit = bulkLimit;
        this.mapper = mapper;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        try {
            long limit = isJson(request.getContentType()) ? jsonLimit : bulkLimit;
            if (request.getContentLengthLong() > limit) throw tooLarge(limit);
            checkText(request);
            boolean zipped = "gzip".equalsIgnoreCase(request.getHeader("Content-Encoding"));
            chain.doFilter(request.getContentLengthLong() == 0 ? request : new Limited(request, limit, zipped), response);
        } catch (ProblemException refusal) {
            if (response.isCommitted()) throw refusal;
            response.resetBuffer();
            response.setStatus(refusal.problem().code().status());
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            mapper.writeValue(response.getOutputStream(), refusal.problem());
        }
    }

    private static boolean isJson(@org.jspecify.annotations.Nullable String contentType) {
        return contentType == null || contentType.startsWith(MediaType.APPLICATION_JSON_VALUE);
    }

    private static void checkText(HttpServletRequest request) {
        var query = request.getQueryString();
        if (request.getRequestURI().contains("%00") || (query != null && query.contains("%00"))) throw badText("");
        if (query == null) return;
        // only the query is read here: asking for parameters would consume a form's body
        for (var part : query.split("&")) {
            try {
                var text = java.net.URLDecoder.decode(part, StandardCharsets.UTF_8);
                if (!StorableText.isStorable(text)) throw badText(part.replaceAll("=.*", ""));
            } catch (IllegalArgumentException _) {
                throw badText(part.replaceAll("=.*", ""));
            }
        }
    }

    private static ProblemException badText(String name) {
        return Problem.of(ProblemCode.MALFORMED, "The address holds a character that is no Unicode text.")
                .at("?" + name, ProblemCode.MALFORMED, "is not readable text").exception();
    }

    private static ProblemException tooLarge(long limit) {
        return Problem.of(ProblemCode.TOO_LARGE, "The body is larger than " + limit + " bytes.").with("accepted", limit).exception();
    }

    /// Counts what is read, for bodies that do not announce their length or are compressed: a device on a thin line sends its queue
    /// zipped, and the limit is that of what it becomes.
    private static final class Limited extends HttpServletRequestWrapper {
        private final long limit;
        private final boolean zipped;
        private @org.jspecify.annotations.Nullable ServletInputStream counted;

        Limited(HttpServletRequest request, long limit, boolean zipped) {
            super(request);
            this.limit = limit;
            this.zipped = zipped;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (counted == null) {
                var in = super.getInputStream();
                counted = new Counted(zipped ? new Unzipped(in) : in, limit);
            }
            return counted;
        }

        @Override
        public @org.jspecify.annotations.Nullable String getHeader(String name) {
            return zipped && (name.equalsIgnoreCase("Content-Encoding") || name.equalsIgnoreCase("Content-Length")) ? null : super.getHeader(name);
        }

        @Override
        public int getContentLength() {
            return zipped ? -1 : super.getContentLength();
        }

        @Override
        public long getContentLengthLong() {
            return zipped ? -1 : super.getContentLengthLong();
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class Unzipped extends ServletInputStream {
        private final java.util.zip.GZIPInputStream in;
        private boolean ended;

        Unzipped(ServletInputStream zipped) throws IOException {
            this.in = new java.util.zip.GZIPInputStream(zipped);
        }

        private int noted(int read) {
            ended |= read < 0;
            return read;
        }

        @Override
        public int read() throws IOException {
            return noted(in.read());
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return noted(in.read(buffer, offset, length));
        }

        @Override
        public boolean isFinished() {
            return ended;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("a zipped body is read at once");
        }
    }

    private static final class Counted extends ServletInputStream {
        private final ServletInputStream in;
        private final long limit;
        private long seen;

        Counted(ServletInputStream in, long limit) {
            this.in = in;
            this.limit = limit;
        }

        private int count(int bytes) {
            if (bytes > 0 && (seen += bytes) > limit) throw tooLarge(limit);
            return bytes;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            if (value >= 0) count(1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return count(in.read(buffer, offset, length));
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
