using System.Globalization;

namespace Mvx.Sink.Verification;

/// <summary>A culture in which numbers, dates and, where the system has cultures, letters look different from everywhere else.</summary>
internal static class OddCulture
{
    public static CultureInfo Make()
    {
        CultureInfo culture = Turkish() ?? (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.CurrencyDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.DateTimeFormat.DateSeparator = ".";
        culture.DateTimeFormat.TimeSeparator = ".";
        culture.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
        culture.DateTimeFormat.LongTimePattern = "HH.mm.ss";
        culture.DateTimeFormat.ShortTimePattern = "HH.mm";
        return culture;
    }

    /// <summary>Where a small i has no plain capital. Null under invariant globalisation.</summary>
    private static CultureInfo? Turkish()
    {
        try
        {
            return new CultureInfo("tr-TR", useUserOverride: false);
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }
}
