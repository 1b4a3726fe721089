namespace McpImageGen.AppHost;

internal static class Certificates
{
    /// <summary>
    /// On a developer's machine everything speaks plain HTTP, whether there is a development certificate or not. Aspire would warn where there is none,
    /// and let Redis speak TLS where there is one.
    /// </summary>
    public static void UseNoCertificates(this IDistributedApplicationBuilder builder)
    {
        foreach (var resource in builder.Resources.Where(resource => resource.Annotations.OfType<HttpsCertificateConfigurationCallbackAnnotation>().Any()))
            resource.Annotations.Add(new HttpsCertificateAnnotation { UseDeveloperCertificate = false });
    }
}
