using Amazon.Runtime;
using Amazon.S3;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpImageGen.Tests.Containers;

/// <summary>MinIO, or Ceph's object gateway where no image can be pulled.</summary>
public sealed class S3Server() : Server("S3")
{
    private const ushort ContainerPort = 9000;
    private const string Key = "minioadmin";
    private const string Region = "us-east-1";

    /// <summary>A bucket of the caller's own that nobody has made yet, in the form of the setting <c>ConnectionStrings__images</c>.</summary>
    public async Task<string> NewBucketAsync()
    {
        await StartAsync();
        return $"Endpoint={Endpoint};AccessKey={Key};SecretKey={Key};Bucket=images-{Guid.NewGuid():N};Region={Region}";
    }

    /// <summary>Looks at the server as somebody else than the product.</summary>
    public AmazonS3Client NewClient() => new(new BasicAWSCredentials(Key, Key), new AmazonS3Config
    {
        ServiceURL = Endpoint,
        ForcePathStyle = true,
        AuthenticationRegion = Region,
        MaxErrorRetry = 0,
        // Ceph's gateway creates a bucket only when it has given up hearing from the gateway that was killed: half a minute by default.
        Timeout = TimeSpan.FromSeconds(60),
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    private string Endpoint => $"http://{Host}:{Port}";

    protected override IContainer Create() =>
        new ContainerBuilder(ContainerSettings.Image("S3", "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z"))
            .WithCommand("server", "/data")
            .WithEnvironment("MINIO_ROOT_USER", Key)
            .WithEnvironment("MINIO_ROOT_PASSWORD", Key)
            .WithPortBinding(Port, ContainerPort)
            .WithLabel(ContainerSettings.RunLabel, ContainerSettings.Run)
            .WithLogger(NullLogger.Instance)
            // Without a name it answers the list of buckets or a refusal, and 503 as long as it is not ready.
            .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request
                .ForPort(ContainerPort).ForStatusCodeMatching(status => (int)status < 500)))
            .Build();

    protected override async Task TryAsync(CancellationToken cancellationToken)
    {
        using var client = NewClient();
        await client.ListBucketsAsync(cancellationToken);
    }
}
