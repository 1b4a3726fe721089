namespace McpImageGen.AppHost;

/// <summary>The four servers that the services need: each a container, or one that is given.</summary>
internal static class Servers
{
    /// <summary>The container that holds the images where no other store is given.</summary>
    public const string ImageStore = "minio";

    private const string JobsDatabase = "jobs";
    private const string Bucket = "images";
    private const string S3User = "mcpimagegen";

    public static IResourceBuilder<IResourceWithConnectionString> AddJobsDatabase(this IDistributedApplicationBuilder builder)
    {
        if (builder.AddGivenDatabase("jobs") is { } given)
            return given;

        var postgres = builder.AddPostgres("postgres").WithImageOf("postgres-image").WithDataVolume(builder.VolumeName("postgres"));
        if (builder.ExecutionContext.IsPublishMode)
            postgres.WithEnvironment("POSTGRES_DB", JobsDatabase); // Aspire itself makes the database only where it runs the server
        return postgres.AddDatabase("jobs", JobsDatabase);
    }

    public static IResourceBuilder<IResourceWithConnectionString> AddBroker(this IDistributedApplicationBuilder builder)
    {
        if (builder.AddGivenBroker("messaging") is { } given)
            return given;

        var broker = builder.AddRabbitMQ("messaging");
        if (builder.ExecutionContext.IsPublishMode)
            return broker; // without a volume: whatever an empty broker has lost is sent again, from the rows

        return broker.WithDataVolume(builder.VolumeName("rabbitmq"))
            .WithManagementPlugin()
            .WithImageOf("rabbitmq-image")
            .WithUrlForEndpoint("management", url => url.DisplayText = "RabbitMQ");
    }

    /// <summary>Redis only wakes: it keeps nothing, so it needs no volume.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddSignals(this IDistributedApplicationBuilder builder) =>
        builder.AddGivenRedis("redis") ?? builder.AddRedis("redis").WithImageOf("redis-image");

    public static IResourceBuilder<IResourceWithConnectionString> AddImageStore(this IDistributedApplicationBuilder builder)
    {
        if (builder.AddGivenImageStore("images") is { } given)
            return given;

        // MinIO is archived; its last image is still there. Others that take the same settings can be named instead.
        var password = builder.AddGeneratedSecret("minio-password");
        var store = builder.AddContainer(ImageStore, "quay.io/minio/minio", "RELEASE.2025-09-07T16-13-09Z")
            .WithImageOf("minio-image")
            .WithArgs("server", "/data", "--console-address", ":9001")
            .WithEnvironment("MINIO_ROOT_USER", S3User)
            .WithEnvironment("MINIO_ROOT_PASSWORD", password)
            .WithVolume(builder.VolumeName("minio"), "/data")
            .WithHttpEndpoint(targetPort: 9000, name: "s3")
            .WithS3HealthCheck()
            .WithUrlForEndpoint("s3", url => url.DisplayText = "S3");
        if (builder.ExecutionContext.IsRunMode)
        {
            store.WithHttpEndpoint(targetPort: 9001, name: "console")
                .WithUrlForEndpoint("console", url => url.DisplayText = "MinIO console");
        }

        return builder.AddConnectionString(
            "images",
            ReferenceExpression.Create($"Endpoint={store.GetEndpoint("s3")};AccessKey={S3User};SecretKey={password};Bucket={Bucket}"))
            .WaitFor(store);
    }

    /// <summary>Runs another image of the server, by a parameter in the form <c>REGISTRY/NAME:TAG</c>.</summary>
    private static IResourceBuilder<T> WithImageOf<T>(this IResourceBuilder<T> container, string parameter)
        where T : ContainerResource =>
        container.ApplicationBuilder.Setting(parameter) is { } image ? container.WithImage(image) : container;

    /// <summary>The name of the volume that holds a server's data, <c>mcpimagegen-SERVER-data</c> unless told otherwise.</summary>
    private static string VolumeName(this IDistributedApplicationBuilder builder, string server) =>
        $"{builder.Setting("volume-prefix", "mcpimagegen")}-{server}-data";
}
