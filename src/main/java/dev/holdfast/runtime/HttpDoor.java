package dev.holdfast.runtime;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Where a Jetty server of ours lets requests in: within bounds of size and time, and with nothing about its inside in the
 * answer to a request that is none.
 */
public final class HttpDoor {

    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final long IDLE_MILLIS = 30_000;

    private HttpDoor() {}

    /** A connector on this address, and the server's answer to what is no request. */
    public static Connector at(Server server, HttpConfiguration http, String address, int port) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        server.setErrorHandler(new PlainErrors());
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(address);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.addBean(new SlowRequests(connector.getScheduler()));
        return connector;
    }

    /** Names the status and nothing else: Jetty's page would show the exception. */
    private static final class PlainErrors extends ErrorHandler {

        @Override
        protected void generateResponse(
                Request request,
                Response response,
                int code,
                String message,
                @Nullable Throwable cause,
                Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            Content.Sink.write(response, true, "{\"error\": \"" + HttpStatus.getMessage(code) + "\"}\n", callback);
        }
    }
}
