/** What commands need that are concerned with clusters of Redshift. Clients here are given their credentials: they bring no search for them. */
export {
  DescribeClustersCommand,
  GetClusterCredentialsCommand,
  GetClusterCredentialsWithIAMCommand,
  RedshiftClient,
} from '@aws-sdk/client-redshift'
