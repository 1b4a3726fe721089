namespace McpImageGen.AppHost;

/// <summary>The four servers that the services need: each a container, or one that is given.</summary>
internal static class Servers
{
    /// <summary>The container that holds the images where no other store is given.</summary>
    public const string ImageStore = "minio";

    private const string JobsDatabase = "jobs";
    private const string Bucket = "images";
    private const string S3User = "mcpimagegen";

    /// <param name="builder">The system.</param>
    /// <param name="withTools">Whether a browser for the database runs beside it.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddJobsDatabase(this IDistributedApplicationBuilder builder, bool withTools)
    {
        if (builder.AddGivenDatabase("jobs") is { } given)
            return given;

        var postgres = builder.AddPostgres("postgres", password: builder.AddPassword("postgres"))
            .WithImageOf("postgres-image")
            .WithDataVolume(builder.VolumeName("postgres"));
        if (builder.ExecutionContext.IsPublishMode)
            postgres.WithEnvironment("POSTGRES_DB", JobsDatabase); // Aspire itself makes the database only where it runs the server
        if (withTools)
            postgres.WithPgWeb();
        return postgres.AddDatabase("jobs", JobsDatabase);
    }

    /// <param name="builder">The system.</param>
    /// <param name="withTools">Whether the broker has its management, a plugin.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddBroker(this IDistributedApplicationBuilder builder, bool withTools)
    {
        if (builder.AddGivenBroker("messaging") is { } given)
            return given;

        var broker = builder.AddRabbitMQ("messaging", password: builder.AddPassword("messaging"));
        if (builder.ExecutionContext.IsPublishMode)
            return broker; // without a volume: whatever an empty broker has lost is sent again, from the rows

        if (withTools)
            broker.WithManagementPlugin().WithUrlForEndpoint("management", url => url.DisplayText = "RabbitMQ management");
        return broker.WithDataVolume(builder.VolumeName("rabbitmq")).WithImageOf("rabbitmq-image");
    }

    /// <summary>Redis only wakes: it keeps nothing, so it needs no volume.</summary>
    /// <param name="builder">The system.</param>
    /// <param name="withTools">Whether Redis Insight runs beside it.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddSignals(this IDistributedApplicationBuilder builder, bool withTools)
    {
        if (builder.AddGivenRedis("redis") is { } given)
            return given;

        var redis = builder.AddRedis("redis", password: builder.AddPassword("redis"))
            .WithImageOf("redis-image");
        if (withTools)
            redis.WithRedisInsight();
        return redis;
    }

    public static IResourceBuilder<IResourceWithConnectionString> AddImageStore(this IDistributedApplicationBuilder builder)
    {
        if (builder.AddGivenImageStore("images") is { } given)
            return given;

        // MinIO is archived; its last image is still there. Others that take the same settings can be named instead.
        var password = builder.AddPassword(ImageStore);
        var store = builder.AddContainer(ImageStore, "quay.io/minio/minio", "RELEASE.2025-09-07T16-13-09Z")
            .WithImageOf("minio-image")
            .WithArgs("server", "/data", "--console-address", ":9001")
            .WithEnvironment("MINIO_ROOT_USER", S3User)
            .WithEnvironment("MINIO_ROOT_PASSWORD", password)
            .WithVolume(builder.VolumeName("minio"), "/data")
            .WithHttpEndpoint(targetPort: 9000, name: "s3")
            .WithS3HealthCheck()
            .WithIconName("Storage")
            .WithUrlForEndpoint("s3", url => url.DisplayText = "S3");
        if (builder.ExecutionContext.IsRunMode)
        {
            store.WithHttpEndpoint(targetPort: 9001, name: "console")
                .WithUrlForEndpoint("console", url => url.DisplayText = "MinIO console");
        }

        return builder.AddConnectionString(
            "images",
            ReferenceExpression.Create($"Endpoint={store.GetEndpoint("s3")};AccessKey={S3User};SecretKey={password};Bucket={Bucket}"))
            .WithIconName("ImageMultiple")
            .WithParentRelationship(store)
            .WaitFor(store);
    }

    /// <summary>A password of our own: one that Aspire makes by itself is not shown in the dashboard.</summary>
    private static IResourceBuilder<ParameterResource> AddPassword(this IDistributedApplicationBuilder builder, string server) =>
        builder.AddGeneratedSecret($"{server}-password")
            .WithDescription($"The password of {server}. It is made at the first start and kept, as the data volume is.");

    /// <summary>Runs another image of the server, by a parameter in the form <c>REGISTRY/NAME:TAG</c>.</summary>
    private static IResourceBuilder<T> WithImageOf<T>(this IResourceBuilder<T> container, string parameter)
        where T : ContainerResource =>
        container.ApplicationBuilder.Setting(parameter) is { } image ? container.WithImage(image) : container;

    /// <summary>The name of the volume that holds a server's data, <c>mcpimagegen-SERVER-data</c> unless told otherwise.</summary>
    private static string VolumeName(this IDistributedApplicationBuilder builder, string server) =>
        $"{builder.Setting("volume-prefix", "mcpimagegen")}-{server}-data";
}
