using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace McpImageGen.Jobs.Images;

/// <summary>
/// Images in one bucket of an S3 store. The caller that stores an image retries as long as it makes sense; here, only a request that the
/// store refuses because of this host's clock is sent once more: the client learns the store's time from the response.
/// The bucket is created before the first image, and again if an upload finds it missing, so a store that was emptied needs no restart.
/// </summary>
public sealed partial class S3Images : IImageStore, IDisposable
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

    private readonly S3Connection _connection;
    private readonly AmazonS3Client _client;
    private volatile bool _bucketIsThere;

    public S3Images(S3Connection connection)
    {
        _connection = connection;
        _client = new AmazonS3Client(new BasicAWSCredentials(connection.AccessKey, connection.SecretKey), new AmazonS3Config
        {
            ServiceURL = connection.Endpoint.AbsoluteUri,
            AuthenticationRegion = connection.Region,
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 0,
            Timeout = RequestLimit,
            ConnectTimeout = ConnectLimit,
        });
    }

    /// <inheritdoc/>
    public async Task PutAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var content = ToStream(bytes);
        var request = NewPut(key.ToString(), content, key.ContentType);
        request.Headers.CacheControl = StoredImage.CacheControl;
        await SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<StoredImage?> OpenAsync(ImageKey key, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = _connection.Bucket, Key = key.ToString() };
        var image = await FindAsync(() => _client.GetObjectMetadataAsync(request, cancellationToken), cancellationToken);
        return image is null
            ? null
            : new StoredImage(
                new S3ImageStream(image.ContentLength, (position, cancel) => ReadAsync(key, position, cancel)),
                DateTime.SpecifyKind(image.LastModified.GetValueOrDefault(), DateTimeKind.Utc));
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(ImageKey key, CancellationToken cancellationToken)
    {
        foreach (var each in (IEnumerable<ImageKey>)[key, .. key.Thumbnails])
            await FindAsync(() => _client.DeleteObjectAsync(_connection.Bucket, each.ToString(), cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedImage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in ListAsync(prefix: null, cancellationToken))
        {
            if (ImageKey.Parse(item.Key) is { } key)
                yield return new ListedImage(key, DateTime.SpecifyKind(item.LastModified.GetValueOrDefault(), DateTimeKind.Utc));
        }
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken cancellationToken) => EnsureBucketAsync(cancellationToken);

    public void Dispose() => _client.Dispose();

    /// <summary>Checks that the bucket exists and creates it if not.</summary>
    /// <exception cref="IOException">The store is unavailable or refused the request.</exception>
    internal async Task EnsureBucketAsync(CancellationToken cancellationToken)
    {
        // Unlike HEAD on the bucket, this returns the reason for a refusal.
        var request = new ListObjectsV2Request { BucketName = _connection.Bucket, MaxKeys = 1 };
        await AskAsync(async () =>
        {
            try
            {
                await _client.ListObjectsV2Async(request, cancellationToken);
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                await MakeBucketAsync(cancellationToken);
            }
            catch (AmazonS3Exception exception) when (exception.ErrorCode == "AccessDenied")
            {
                // The access key may only read and write objects: the bucket was created by someone else.
            }
        }, cancellationToken);
        _bucketIsThere = true;
    }

    /// <summary>All objects whose keys start with the prefix.</summary>
    private async IAsyncEnumerable<S3Object> ListAsync(string? prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _connection.Bucket, Prefix = prefix };
        do
        {
            var page = await FindAsync(() => _client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            foreach (var item in page?.S3Objects ?? [])
                yield return item;
            request.ContinuationToken = page?.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    private PutObjectRequest NewPut(string key, Stream content, string contentType) => new()
    {
        BucketName = _connection.Bucket,
        Key = key,
        InputStream = content,
        AutoCloseStream = false,
        AutoResetStreamPosition = false,
        ContentType = contentType,
        // Chunks would each be copied and signed.
        UseChunkEncoding = false,
        // TLS already protects the payload; without TLS the signature must.
        DisablePayloadSigning = _connection.Endpoint.Scheme == Uri.UriSchemeHttps,
    };

    private async Task SendAsync(PutObjectRequest request, CancellationToken cancellationToken)
    {
        // Not created only when an upload fails: a server that responds before it has read the image leaves the connection unusable.
        if (!_bucketIsThere)
            await EnsureBucketAsync(cancellationToken);
        await AskAsync(async () =>
        {
            try
            {
                request.InputStream.Position = 0;
                await _client.PutObjectAsync(request, cancellationToken);
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                _bucketIsThere = false;
                throw;
            }
        }, cancellationToken);
    }

    private async Task MakeBucketAsync(CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                // AWS makes a bucket elsewhere than in us-east-1 only when it is told where in the request, too.
                await MakeBucketAsync(_connection.LocationConstraint, cancellationToken);
            }
            catch (AmazonS3Exception exception) when (exception.ErrorCode == "InvalidLocationConstraint" && _connection.LocationConstraint is not null)
            {
                // Other stores have names of their own for places, and one place where buckets are made.
                await MakeBucketAsync(null, cancellationToken);
            }
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.Conflict)
        {
            // Another replica created it first.
        }
    }

    private Task<PutBucketResponse> MakeBucketAsync(string? location, CancellationToken cancellationToken) =>
        _client.PutBucketAsync(new PutBucketRequest { BucketName = _connection.Bucket, BucketRegionName = location }, cancellationToken);

    private async Task<Stream> ReadAsync(ImageKey key, long position, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _connection.Bucket, Key = key.ToString() };
        if (position > 0)
            request.ByteRange = new ByteRange($"bytes={position}-");
        var response = await FindAsync(() => _client.GetObjectAsync(request, cancellationToken), cancellationToken);
        return response?.ResponseStream ?? throw new FileNotFoundException("The image was deleted while it was being read.");
    }

    /// <summary>The response, or null if the image or the bucket does not exist.</summary>
    private static async Task<TAnswer?> FindAsync<TAnswer>(Func<Task<TAnswer>> ask, CancellationToken cancellationToken)
        where TAnswer : class
    {
        TAnswer? answer = null;
        await AskAsync(async () =>
        {
            try
            {
                answer = await ask();
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                // None.
            }
        }, cancellationToken);
        return answer;
    }

    private static async Task AskAsync(Func<Task> ask, CancellationToken cancellationToken)
    {
        try
        {
            await AskAtTheStoresTimeAsync(ask);
        }
        catch (Exception exception) when (exception is AmazonServiceException { StatusCode: > 0 } or AmazonS3Exception)
        {
            var refusal = (AmazonServiceException)exception;
            var message = $"The image store responded with {(int)refusal.StatusCode} {refusal.ErrorCode}.";
            throw refusal.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed
                ? new ImageStoreRefusedException(message, exception)
                : new IOException(message, exception);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The image store did not respond within {RequestLimit.TotalSeconds} s.", exception);
        }
        catch (Exception exception) when (exception is AmazonClientException or HttpRequestException or IOException)
        {
            throw new IOException($"The image store is unavailable: {exception.GetBaseException().Message}", exception);
        }
    }

    private static async Task AskAtTheStoresTimeAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (AmazonServiceException exception) when (IsTooSkewed(exception))
        {
            await ask();
        }
    }

    /// <summary>Whether the clock may be the reason for the refusal: the response to a HEAD request does not say so.</summary>
    private static bool IsTooSkewed(AmazonServiceException exception) =>
        exception is { StatusCode: HttpStatusCode.Forbidden, ErrorCode: "RequestTimeTooSkewed" or "Forbidden" };

    /// <summary>The bytes without copying, if they are backed by an array; otherwise a copy.</summary>
    private static MemoryStream ToStream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var part)
            ? new MemoryStream(part.Array!, part.Offset, part.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
}
