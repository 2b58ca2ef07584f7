package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Speaks to a server as no well-behaved client would. */
public final class Raw {

    private static final int LIMIT_MILLIS = 60_000;
    private static final long BYTE_EVERY_MILLIS = 200;

    private Raw() {}

    /** Everything that came back until the server closed; empty when it closed without a word. */
    public static String answer(String address, int port, String request) throws IOException {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException reset) {
            return "";
        }
    }

    public static int status(String address, int port, String request) throws IOException {
        return Integer.parseInt(answer(address, port, request).substring(9, 12));
    }

    /** Sends one byte of a header now and then, until the server has enough of it. */
    public static void assertCutOff(String address, int port) throws IOException, InterruptedException {
        try (Socket socket = new Socket(address, port)) {
            OutputStream out = socket.getOutputStream();
            out.write("GET /health HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.ISO_8859_1));
            Thread closed = Thread.ofVirtual().start(() -> readToTheEnd(socket));
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
            while (!closed.join(java.time.Duration.ofMillis(BYTE_EVERY_MILLIS))) {
                assertThat(System.nanoTime() - deadline)
                        .describedAs("nanoseconds past the limit, while the server still waits for the headers")
                        .isNegative();
                try {
                    out.write('x');
                } catch (SocketException cutOff) {
                    return;
                }
            }
        }
    }

    private static void readToTheEnd(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
        } catch (IOException reset) {
            // That is an end too.
        }
    }
}
