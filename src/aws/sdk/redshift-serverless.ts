/** What commands need that are concerned with workgroups. Clients here are given their credentials: they bring no search for them. */
export {
  GetCredentialsCommand,
  GetWorkgroupCommand,
  ListWorkgroupsCommand,
  RedshiftServerlessClient,
} from '@aws-sdk/client-redshift-serverless'
