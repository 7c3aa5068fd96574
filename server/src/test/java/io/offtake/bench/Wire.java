package io.offtake.bench;

import io.offtake.access.testing.Client;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A client that costs next to nothing, so that the two processors are the product's: one kept connection, the answer as text.
final class Wire {
    private final int port;
    private Socket socket;
    private InputStream in;
    private final Map<String, String> more;
    private int retryAfter;

    Wire(int port) throws IOException {
        this(port, Map.of());
    }

    /// @param more headers of every request
    Wire(int port, Map<String, String> more) throws IOException {
        this.port = port;
        this.more = more;
        socket = new Socket();
        in = InputStream.nullInputStream();
        connect();
    }

    /// Seconds that the last answer asked to wait; 0 if it did not.
    int retryAfter() {
        return retryAfter;
    }

    private void connect() throws IOException {
        socket.close();
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /// Status line and body of the answer.
    String post(String path, Client session, String body) throws IOException {
        return post(path, session, "application/json", body);
    }

    String post(String path, Client session, String contentType, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + contentType + "\r\nCookie: " + session.header("Cookie") + "\r\nX-CSRF-Token: "
                + session.header("X-CSRF-Token") + "\r\nContent-Length: " + bytes.length + "\r\n" + headers() + "\r\n";
        var out = socket.getOutputStream();
        var all = new ByteArrayOutputStream(head.length() + bytes.length);
        all.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(bytes);
        all.writeTo(out);
        var status = line();
        int length = -1;
        retryAfter = 0;
        boolean last = false;
        for (var header = line(); !header.isEmpty(); header = line()) {
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) length = Integer.parseInt(header.substring(15).strip());
            if (header.equalsIgnoreCase("Connection: close")) last = true;
            if (header.regionMatches(true, 0, "Retry-After:", 0, 12)) retryAfter = Integer.parseInt(header.substring(12).strip());
        }
        var answer = new ByteArrayOutputStream();
        if (length >= 0) answer.writeBytes(in.readNBytes(length));
        else {
            for (int chunk = Integer.parseInt(line(), 16); chunk > 0; chunk = Integer.parseInt(line(), 16)) {
                answer.writeBytes(in.readNBytes(chunk));
                line();
            }
            line();
        }
        if (last) connect();
        return status + "\n" + answer.toString(StandardCharsets.UTF_8);
    }

    private String headers() {
        var text = new StringBuilder();
        more.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.toString();
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) throw new IOException("the server closed the connection");
            if (next != '\r') text.append((char) next);
        }
        return text.toString();
    }
}
