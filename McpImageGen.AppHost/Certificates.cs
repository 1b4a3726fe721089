namespace McpImageGen.AppHost;

internal static class Certificates
{
    /// <summary>
    /// Uses plain HTTP for everything on a developer's machine, with or without a development certificate. Otherwise Aspire would warn if there is
    /// no certificate, and enable TLS for Redis if there is one.
    /// </summary>
    public static void UseNoCertificates(this IDistributedApplicationBuilder builder)
    {
        foreach (var resource in builder.Resources.Where(resource => resource.Annotations.OfType<HttpsCertificateConfigurationCallbackAnnotation>().Any()))
            resource.Annotations.Add(new HttpsCertificateAnnotation { UseDeveloperCertificate = false });
    }
}
