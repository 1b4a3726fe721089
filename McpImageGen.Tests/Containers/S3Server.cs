using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.S3;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using McpImageGen.Tests.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpImageGen.Tests.Containers;

/// <summary>MinIO, or Ceph's object gateway where no image can be pulled.</summary>
public sealed class S3Server() : Server("S3")
{
    private const ushort ContainerPort = 9000;
    private const string Key = "minioadmin";
    private const string LimitedSecret = "limited-secret";
    private const string Region = "us-east-1";

    /// <summary>A bucket of the caller's own that nobody has made yet, in the form of the setting <c>ConnectionStrings__images</c>.</summary>
    public async Task<string> NewBucketAsync()
    {
        await StartAsync();
        return $"Endpoint={Endpoint};AccessKey={Key};SecretKey={Key};Bucket=images-{Guid.NewGuid():N};Region={Region}";
    }

    /// <summary>A bucket that is there, and a key of its own that may do only what docs/policies/images.json permits, in the same form.</summary>
    public async Task<string> NewLimitedBucketAsync()
    {
        await StartAsync();
        var (bucket, key) = ($"images-{Guid.NewGuid():N}", $"services-{Guid.NewGuid():N}");
        using (var client = NewClient())
            await client.PutBucketAsync(bucket, Cancel);
        var policy = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppHostSource.Root, "docs", "policies", "images.json"), Cancel))!;
        foreach (var statement in policy["Statement"]!.AsArray())
            statement!["Resource"] = statement["Resource"]![0]!.GetValue<string>().Replace(":::images", $":::{bucket}", StringComparison.Ordinal);

        if ((await Container.ExecAsync(["sh", "-c", "command -v radosgw-admin"], Cancel)).ExitCode == 0)
        {
            // Ceph has no policies of users here, but policies of buckets, which name the user.
            await ExecuteAsync("sh", "-c", $"radosgw-admin user create --uid={key} --display-name={key} --access-key={key} --secret-key={LimitedSecret}");
            foreach (var statement in policy["Statement"]!.AsArray())
                statement!["Principal"] = new JsonObject { ["AWS"] = $"arn:aws:iam:::user/{key}" };
            using var client = NewClient();
            await client.PutBucketPolicyAsync(bucket, policy.ToJsonString(), Cancel);
        }
        else
        {
            await Container.CopyAsync(Encoding.UTF8.GetBytes(policy.ToJsonString()), $"/tmp/{key}.json", ct: Cancel);
            await ExecuteAsync("sh", "-c", $"""
                mc alias set local http://127.0.0.1:{ContainerPort} {Key} {Key} && mc admin user add local {key} {LimitedSecret} &&
                mc admin policy create local {key} /tmp/{key}.json && mc admin policy attach local {key} --user {key}
                """);
        }

        return $"Endpoint={Endpoint};AccessKey={key};SecretKey={LimitedSecret};Bucket={bucket};Region={Region}";
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
