package dev.holdfast.broker.kite;

import java.io.IOException;
import java.net.InetAddress;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** The connections to the broker, and when a request goes out on one: once, and never behind our back. */
final class KiteConnections {

    /** The name under which a request's context carries its {@link WriteGate}; without one it passes. */
    static final String GATE = "holdfast.gate";

    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(1);

    /** Below the idle time-out of the servers we meet (30 s): a POST must not go out on a connection that is just being closed. */
    private static final Timeout LONGEST_IDLE = Timeout.ofSeconds(8);

    /** A kept connection is always looked at first, which takes a millisecond: a POST into one that was just closed is uncertain. */
    private static final TimeValue LOOKED_AT_AFTER = TimeValue.ZERO_MILLISECONDS;

    /** Orders, the reads of the book, and the log-in: never so many at once. */
    private static final int MOST = 16;

    private KiteConnections() {}

    /** @param local address that connections begin at; null where the routes decide */
    static CloseableHttpClient open(@Nullable InetAddress local) {
        // Whoever closes a connection, the kernel when it ends a killed process too, throws away what was not
        // delivered.
        SocketConfig reset =
                SocketConfig.custom().setSoLinger(TimeValue.ZERO_MILLISECONDS).build();
        return HttpClientBuilder.create()
                .setRoutePlanner(new DefaultRoutePlanner(null) {
                    @Override
                    protected @Nullable InetAddress determineLocalAddress(HttpHost firstHop, HttpContext context) {
                        return local;
                    }
                })
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(MOST)
                        .setMaxConnPerRoute(MOST)
                        .setDefaultSocketConfig(reset)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT_TIMEOUT)
                                .setIdleTimeout(LONGEST_IDLE)
                                .setValidateAfterInactivity(LOOKED_AT_AFTER)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setProtocolUpgradeEnabled(false)
                        .setAuthenticationEnabled(false)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression()
                .addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "gate", KiteConnections::through)
                .build();
    }

    /** Called when the connection stands and the next thing is the write. */
    private static ClassicHttpResponse through(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (scope.clientContext.getAttribute(GATE) instanceof WriteGate gate && !gate.open()) {
            throw new IOException("the right to send ended before the order was written");
        }
        return chain.proceed(request, scope);
    }
}
