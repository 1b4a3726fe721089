using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Images;

public static class S3Setup
{
    /// <summary>Adds the image store on S3, configured by <c>ConnectionStrings__images</c>.</summary>
    /// <exception cref="OptionsValidationException">The setting is missing or invalid.</exception>
    public static void AddS3Images(this IHostApplicationBuilder builder)
    {
        var connection = S3Connection.Parse(builder.Configuration.GetConnectionString("images"));
        builder.Services.AddSingleton(connection);
        builder.Services.AddSingleton<S3Images>();
        builder.Services.AddSingleton<IImageStore>(services => services.GetRequiredService<S3Images>());
        builder.Services.AddSingleton<IStoreMarkers>(services => services.GetRequiredService<S3Images>());
        builder.Services.AddSingleton<IImageTrash>(services => services.GetRequiredService<S3Images>());
    }
}
