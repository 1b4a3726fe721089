using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace McpImageGen.Jobs.Images;

/// <summary>
/// Images in one bucket of an S3 store. Nothing is tried twice here: whoever stores an image tries again for as long as it makes sense.
/// The bucket is made before the first image, and again after an upload has missed it: a store that was emptied needs no restart.
/// </summary>
public sealed class S3Images : IImageStore, IDisposable
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
        // Not made when the upload misses it: a server that answers before it has read an image leaves the connection useless.
        if (!_bucketIsThere)
            await EnsureBucketAsync(cancellationToken);
        await AskAsync(() => SendAsync(key, bytes, cancellationToken), cancellationToken);
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
        var request = new ListObjectsV2Request { BucketName = _connection.Bucket };
        do
        {
            var page = await FindAsync(() => _client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            foreach (var item in page?.S3Objects ?? [])
            {
                if (ImageKey.Parse(item.Key) is { } key)
                    yield return new ListedImage(key, DateTime.SpecifyKind(item.LastModified.GetValueOrDefault(), DateTimeKind.Utc));
            }

            request.ContinuationToken = page?.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Asks the store for the bucket, which is made when missing.</summary>
    /// <exception cref="IOException">The store is away, or refuses.</exception>
    internal async Task EnsureBucketAsync(CancellationToken cancellationToken)
    {
        // Unlike the HEAD of a bucket, this says why it is refused.
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
                // A key that may only read and write images: somebody else has made the bucket.
            }
        }, cancellationToken);
        _bucketIsThere = true;
    }

    private async Task SendAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var content = ToStream(bytes);
        var request = new PutObjectRequest
        {
            BucketName = _connection.Bucket,
            Key = key.ToString(),
            InputStream = content,
            AutoCloseStream = false,
            AutoResetStreamPosition = false,
            ContentType = key.ContentType,
            // Chunks would be signed one by one, each in a copy.
            UseChunkEncoding = false,
            // TLS already protects what is sent; without it the signature has to.
            DisablePayloadSigning = _connection.Endpoint.Scheme == Uri.UriSchemeHttps,
        };
        request.Headers.CacheControl = StoredImage.CacheControl;
        try
        {
            await _client.PutObjectAsync(request, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            _bucketIsThere = false;
            throw;
        }
    }

    private async Task MakeBucketAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.PutBucketAsync(_connection.Bucket, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.Conflict)
        {
            // Another replica was faster.
        }
    }

    private async Task<Stream> ReadAsync(ImageKey key, long position, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _connection.Bucket, Key = key.ToString() };
        if (position > 0)
            request.ByteRange = new ByteRange($"bytes={position}-");
        var response = await FindAsync(() => _client.GetObjectAsync(request, cancellationToken), cancellationToken);
        return response?.ResponseStream ?? throw new FileNotFoundException("The image was removed while it was read.");
    }

    /// <summary>The answer, or null when there is no such image or not even a bucket.</summary>
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
            await ask();
        }
        catch (Exception exception) when (exception is AmazonServiceException { StatusCode: > 0 } or AmazonS3Exception)
        {
            var refusal = (AmazonServiceException)exception;
            throw new IOException($"The image store answers {(int)refusal.StatusCode} {refusal.ErrorCode}.", exception);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The image store does not answer within {RequestLimit.TotalSeconds} s.", exception);
        }
        catch (Exception exception) when (exception is AmazonClientException or HttpRequestException or IOException)
        {
            throw new IOException($"The image store is away: {exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>The bytes where they lie; a copy only of those that are no part of an array.</summary>
    private static MemoryStream ToStream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var part)
            ? new MemoryStream(part.Array!, part.Offset, part.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
}
