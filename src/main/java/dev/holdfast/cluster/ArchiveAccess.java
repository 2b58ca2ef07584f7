package dev.holdfast.cluster;

import io.aeron.archive.Archive;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.codecs.ArchiveIdRequestDecoder;
import io.aeron.archive.codecs.BoundedReplayRequestDecoder;
import io.aeron.archive.codecs.FindLastMatchingRecordingRequestDecoder;
import io.aeron.archive.codecs.KeepAliveRequestDecoder;
import io.aeron.archive.codecs.ListRecordingRequestDecoder;
import io.aeron.archive.codecs.ListRecordingSubscriptionsRequestDecoder;
import io.aeron.archive.codecs.ListRecordingsForUriRequestDecoder;
import io.aeron.archive.codecs.ListRecordingsRequestDecoder;
import io.aeron.archive.codecs.MaxRecordedPositionRequestDecoder;
import io.aeron.archive.codecs.MessageHeaderDecoder;
import io.aeron.archive.codecs.RecordingPositionRequestDecoder;
import io.aeron.archive.codecs.ReplayRequestDecoder;
import io.aeron.archive.codecs.ReplayTokenRequestDecoder;
import io.aeron.archive.codecs.StartPositionRequestDecoder;
import io.aeron.archive.codecs.StopAllReplaysRequestDecoder;
import io.aeron.archive.codecs.StopPositionRequestDecoder;
import io.aeron.archive.codecs.StopReplayRequestDecoder;
import io.aeron.security.Authenticator;
import io.aeron.security.AuthorisationService;
import io.aeron.security.CredentialsSupplier;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says who may do what with one member's archive: the member's own process everything, whoever knows the cluster's secret only
 * read, anybody else nothing. The own process proves itself by a key that is made anew with each member and never leaves it.
 */
final class ArchiveAccess implements AuthorisationService {

    private static final String READERS = "archive";
    private static final byte[] OWNER = {'o'};
    private static final byte[] READER = {'r'};

    /** Requests that list, follow, copy or replicate recordings: all that readers and other members need. */
    private static final Set<Integer> READING = Set.of(
            ListRecordingsRequestDecoder.TEMPLATE_ID,
            ListRecordingsForUriRequestDecoder.TEMPLATE_ID,
            ListRecordingRequestDecoder.TEMPLATE_ID,
            FindLastMatchingRecordingRequestDecoder.TEMPLATE_ID,
            ListRecordingSubscriptionsRequestDecoder.TEMPLATE_ID,
            StartPositionRequestDecoder.TEMPLATE_ID,
            StopPositionRequestDecoder.TEMPLATE_ID,
            RecordingPositionRequestDecoder.TEMPLATE_ID,
            MaxRecordedPositionRequestDecoder.TEMPLATE_ID,
            ReplayRequestDecoder.TEMPLATE_ID,
            BoundedReplayRequestDecoder.TEMPLATE_ID,
            ReplayTokenRequestDecoder.TEMPLATE_ID,
            StopReplayRequestDecoder.TEMPLATE_ID,
            StopAllReplaysRequestDecoder.TEMPLATE_ID,
            ArchiveIdRequestDecoder.TEMPLATE_ID,
            KeepAliveRequestDecoder.TEMPLATE_ID);

    private final String clusterSecret;
    private final byte[] ownKey = new byte[32];
    private final Refusals refusals;
    private @Nullable SessionNumbers numbers;

    ArchiveAccess(String clusterSecret, Refusals refusals) {
        this.clusterSecret = clusterSecret;
        this.refusals = refusals;
        new SecureRandom().nextBytes(ownKey);
    }

    Authenticator authenticator() {
        return new ClusterAuthentication(
                List.of(
                        new ClusterAuthentication.Known(ownKey, OWNER),
                        new ClusterAuthentication.Known(ClusterAuthentication.key(clusterSecret, READERS), READER)),
                refusals,
                Refusals.Kind.ARCHIVE) {
            @Override
            public void onConnectRequest(long sessionId, byte[] encodedCredentials, long nowMillis) {
                super.onConnectRequest(sessionId, encodedCredentials, nowMillis);
                numbers().renew();
            }
        };
    }

    /** Completes what protects this archive, before anybody can reach it. */
    void guard(Archive archive) {
        numbers = new SessionNumbers(archive);
    }

    private SessionNumbers numbers() {
        return Objects.requireNonNull(numbers, "guard() comes before the first client");
    }

    /** Credentials of clients in the member's own process, which may do everything. */
    CredentialsSupplier owner() {
        return ClusterAuthentication.credentials(ownKey);
    }

    /** Credentials of all other clients, also of other members, which may read. */
    static CredentialsSupplier reader(String clusterSecret) {
        return ClusterAuthentication.credentials(ClusterAuthentication.key(clusterSecret, READERS));
    }

    /** The client with which this member's archive replicates from another's. It may only read there. */
    AeronArchive.Context replication() {
        return new AeronArchive.Context().credentialsSupplier(reader(clusterSecret));
    }

    /** @param principal null before the client has proved who it is */
    @Override
    public boolean isAuthorised(int protocol, int action, @Nullable Object type, byte @Nullable [] principal) {
        boolean allowed = Arrays.equals(principal, OWNER)
                || (Arrays.equals(principal, READER)
                        && protocol == MessageHeaderDecoder.SCHEMA_ID
                        && READING.contains(action));
        if (!allowed) {
            refusals.count(Refusals.Kind.ARCHIVE_ACTION);
        }
        return allowed;
    }
}
